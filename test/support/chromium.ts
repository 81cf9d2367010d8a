import { spawnSync } from 'node:child_process'
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { createBrotliDecompress } from 'node:zlib'
import { type Browser, chromium, type LaunchOptions } from 'playwright-core'

/**
 * One Chromium and one Japanese font for tests and pictures, both from npm packages: nothing is
 * installed on the machine and no root is needed. `CHROMIUM_PATH` names another browser.
 */
export async function chromiumOptions(): Promise<LaunchOptions> {
  const args = ['--no-sandbox']
  const chosen = process.env['CHROMIUM_PATH']
  if (chosen) return { executablePath: chosen, args }
  // The package's binary is for Linux on x64; elsewhere the developer's own Chrome serves.
  if (process.platform !== 'linux' || process.arch !== 'x64') return { channel: 'chrome' }
  const home = await unpackedBrowser()
  const executablePath = join(home, 'chromium')
  return { executablePath, args, env: environmentFor(home, executablePath) }
}

/** Starts that Chromium, headless unless told otherwise. The caller closes it. */
export async function launchChromium(options: LaunchOptions = {}): Promise<Browser> {
  return chromium.launch({ ...(await chromiumOptions()), ...options })
}

const require = createRequire(import.meta.url)

/**
 * The folder with the unpacked browser, made on first use (3 to 5 s, 200 MB). It is unpacked beside
 * its final name and renamed, because the package's own unpacking hands out half-written files when
 * several test workers start at once. One of them does it; the others wait.
 */
async function unpackedBrowser(): Promise<string> {
  const packed = dirname(dirname(require.resolve('@sparticuz/chromium')))
  const { version } = JSON.parse(await readFile(join(packed, 'package.json'), 'utf8'))
  const cache = join(dirname(dirname(packed)), '.cache')
  const home = join(cache, `chromium-${version}`)
  await mkdir(cache, { recursive: true })
  while (!existsSync(home)) if (!(await unpackAlone(packed, home))) await wait(50)
  return home
}

/** Nobody unpacks for as long: whoever began it was ended. */
const STALE_MS = 60_000

/** False: somebody else is at it. */
async function unpackAlone(packed: string, home: string): Promise<boolean> {
  const mine = `${home}.unpacking`
  const taken = await mkdir(mine).then(
    () => false,
    () => true,
  )
  if (taken) {
    const begun = await stat(mine).catch(() => null)
    if (begun && Date.now() - begun.mtimeMs > STALE_MS)
      await rm(mine, { recursive: true, force: true })
    return false
  }
  const draft = await mkdtemp(join(dirname(home), 'chromium-'))
  try {
    await Promise.all([unpackBinary(packed, draft), unpackLibraries(packed, draft)])
    await writeFile(join(draft, 'fonts.conf'), fontsConfig(home))
    await rename(draft, home).catch((lostRace: unknown) => {
      if (!existsSync(home)) throw lostRace
    })
  } finally {
    await rm(draft, { recursive: true, force: true })
    await rm(mine, { recursive: true, force: true })
  }
  return true
}

async function unpackBinary(packed: string, to: string): Promise<void> {
  const file = join(to, 'chromium')
  const source = createReadStream(join(packed, 'bin', 'chromium.br'))
  await pipeline(source, createBrotliDecompress(), createWriteStream(file))
  await chmod(file, 0o755)
}

async function unpackLibraries(packed: string, to: string): Promise<void> {
  const tar = createRequire(join(packed, 'package.json'))('tar-fs')
  const source = createReadStream(join(packed, 'bin', 'al2023.tar.br'))
  await pipeline(source, createBrotliDecompress(), tar.extract(join(to, 'al2023')))
}

/**
 * Without any font, text has no size and Playwright waits for it to appear until it gives up. The
 * cache folder cannot be relative (fontconfig would write into the current folder), hence "xdg".
 */
function fontsConfig(home: string): string {
  const fonts = dirname(require.resolve('@expo-google-fonts/biz-udpgothic/package.json'))
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">${relative(home, fonts)}</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
  <match target="pattern">
    <edit name="family" mode="append_last"><string>BIZ UDPGothic</string></edit>
  </match>
</fontconfig>
`
}

/** The libraries that came with the browser are used only where the system has none of its own. */
function environmentFor(home: string, executable: string): Record<string, string> {
  const env: Record<string, string> = {}
  for (const [name, value] of Object.entries(process.env))
    if (value !== undefined) env[name] = value
  env['FONTCONFIG_FILE'] = join(home, 'fonts.conf')
  env['XDG_CACHE_HOME'] = join(home, 'xdg')
  const linked = spawnSync('ldd', [executable], { encoding: 'utf8' }).stdout
  if (linked.includes('not found')) env['LD_LIBRARY_PATH'] = join(home, 'al2023', 'lib')
  return env
}
