import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestProject } from 'vitest/node'
import { makeTemplate } from './postgres-database.ts'
import { startTempPostgres, type TempPostgres } from './temp-postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where a test asks for the run's Postgres */
    postgresDesk: string
    /** What a house is kept on where the test does not say; SQLite if nobody does */
    engine?: 'sqlite' | 'postgres'
  }
}

/**
 * One Postgres for a whole run of the tests, started when the first test asks for it (2 s): most runs
 * of a single file never do. Whoever asks is told its address.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let started: Promise<TempPostgres> | null = null

  async function start(): Promise<TempPostgres> {
    const postgres = await startTempPostgres()
    await makeTemplate(postgres.url)
    return postgres
  }

  const desk = createServer(async (_request, response) => {
    started ??= start()
    await started.then(
      ({ url }) => response.end(url),
      (error) => response.writeHead(500).end(String(error)),
    )
  })
  await new Promise<void>((resolve) => desk.listen(0, '127.0.0.1', resolve))
  project.provide('postgresDesk', `http://127.0.0.1:${(desk.address() as AddressInfo).port}`)

  return async () => {
    desk.closeAllConnections()
    desk.close()
    await started?.then((postgres) => postgres.close()).catch(() => {})
  }
}
