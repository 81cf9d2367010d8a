/** One request of the fuzz, and what whoever made it knows about it. */
export type Knock = {
  /** For the figures: which of the house's doors, roughly */
  door: string
  method: string
  path: string
  headers: Record<string, string>
  body: Buffer | null
  /** Stands in every place where a request can say something; must come back in no error. */
  tag: string
  /** Whose genuine cookie or ID token it carries */
  who: number | null
  /** A webhook; `signed`: rightly, so that what is in it counts. `kept`: what it then leaves in the books, where whoever made it must say */
  letter?: {
    from: 'stripe' | 'line' | 'discord'
    signed: boolean
    readable: boolean
    kept?: string[] | null
  }
  /** Bytes for a bare socket, in place of all above */
  raw?: Buffer
}
