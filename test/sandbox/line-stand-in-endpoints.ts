import type { Plugin } from 'vite'

/**
 * Demo builds only: the LIFF SDK asks this page's own origin (`/__line/api.line.me/…`) instead of
 * https://api.line.me. The SDK itself stays as it is. Fails the build when its shape changes, so
 * that a demo can never quietly talk to the real LINE.
 */
export function lineStandInEndpoints(prefix = '/__line'): Plugin {
  let found = 0
  return {
    name: 'line-stand-in-endpoints',
    enforce: 'pre',
    transform(code, id) {
      if (!id.includes('/@liff/server-api/')) return
      const pattern = /"https:\/\/"\.concat\((\w+),"\."\)\.concat\("line\.me","\/"\)/g
      const out = code.replace(pattern, (_match, host: string) => {
        found++
        return `"".concat(location.origin,${JSON.stringify(`${prefix}/`)}).concat(${host},".line.me/")`
      })
      return { code: out, map: null }
    },
    buildEnd(error) {
      if (!error && found !== 1)
        this.error(`@liff/server-api changed: ${found} endpoint builders found, expected 1`)
    },
  }
}
