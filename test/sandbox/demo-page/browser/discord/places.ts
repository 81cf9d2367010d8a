/** What the window can show: a channel of the server, or the chat with the shop's bot. */
export type Place = 'news' | 'parlour' | 'members' | 'dms'
