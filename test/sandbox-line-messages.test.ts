import type { messagingApi } from '@line/bot-sdk'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkMessages } from './sandbox/line/check-message.ts'

const receipt: messagingApi.FlexMessage = {
  type: 'flex',
  altText: '【暖簾】ご注文ありがとうございます。合計 ¥3,960（税込）',
  contents: {
    type: 'bubble',
    size: 'mega',
    hero: { type: 'image', url: 'https://shop.test/a.png', size: 'full', aspectRatio: '20:13' },
    body: {
      type: 'box',
      layout: 'vertical',
      spacing: 'md',
      paddingAll: '20px',
      contents: [
        { type: 'text', text: 'ご注文', weight: 'bold', color: '#047A35', scaling: true },
        { type: 'separator', margin: 'xxl', color: '#00000022' },
        {
          type: 'box',
          layout: 'baseline',
          contents: [
            { type: 'text', text: '抹茶', wrap: true, flex: 5 },
            { type: 'text', text: '¥3,960', align: 'end', flex: 3, maxLines: 1 },
          ],
        },
        { type: 'text', contents: [{ type: 'span', text: '合計', weight: 'bold' }] },
      ],
    },
    footer: {
      type: 'box',
      layout: 'vertical',
      contents: [
        {
          type: 'button',
          style: 'primary',
          action: { type: 'uri', label: '注文を見る', uri: 'https://liff.line.me/2000-a/orders/1' },
        },
      ],
    },
    styles: { footer: { separator: true } },
  },
}

type Json = Record<string, unknown>
/** A bubble whose body holds just these components. */
const holding = (...contents: Json[]): Json => ({
  type: 'flex',
  altText: 'x',
  contents: { type: 'bubble', body: { type: 'box', layout: 'vertical', contents } },
})
const inBody = 'messages[0].contents.body.contents[0]'
const faultsOf = (...messages: unknown[]) => checkMessages(messages)
const placesOf = (...messages: unknown[]) => faultsOf(...messages).map((fault) => fault.property)

describe('what LINE takes', () => {
  it('includes a receipt with everything that a shop puts into one', () => {
    expect(faultsOf(receipt)).toEqual([])
  })

  it('includes five messages of any length that the limits allow', () => {
    const longest = { type: 'text', text: 'あ'.repeat(5000) }
    expect(faultsOf(longest, receipt, longest, receipt, longest)).toEqual([])
    expect(faultsOf({ ...receipt, altText: 'あ'.repeat(1500) })).toEqual([])
  })

  it('includes a carousel of twelve bubbles of one size', () => {
    const contents = { type: 'carousel', contents: Array(12).fill(receipt.contents) }
    expect(faultsOf({ ...receipt, contents })).toEqual([])
  })
})

describe('what LINE refuses', () => {
  it('includes no message at all, a sixth one, and things that are no messages', () => {
    expect(checkMessages([])).toEqual([
      { message: 'Size must be between 1 and 5', property: 'messages' },
    ])
    expect(placesOf(...Array(6).fill(receipt))).toEqual(['messages'])
    expect(checkMessages(undefined)).toHaveLength(1)
    expect(placesOf('hello', { type: 'hologram' })).toEqual(['messages[0]', 'messages[1].type'])
  })

  it('includes texts and alt texts that are empty or too long', () => {
    expect(placesOf({ type: 'text', text: '' })).toEqual(['messages[0].text'])
    expect(placesOf({ type: 'text', text: 'あ'.repeat(5001) })).toEqual(['messages[0].text'])
    expect(placesOf({ type: 'text', text: '😀'.repeat(2501) })).toEqual(['messages[0].text'])
    expect(placesOf({ ...receipt, altText: '' })).toEqual(['messages[0].altText'])
    expect(placesOf({ ...receipt, altText: 'あ'.repeat(1501) })).toEqual(['messages[0].altText'])
    expect(placesOf({ type: 'flex', contents: receipt.contents })).toEqual(['messages[0].altText'])
  })

  it('includes a bubble over 30 KB and a carousel over 50 KB, counted in bytes', () => {
    const heavy = holding(...Array(7).fill({ type: 'text', text: 'あ'.repeat(1500) }))
    expect(faultsOf(heavy)[0]?.message).toContain('30 KB')
    const light = holding(...Array(6).fill({ type: 'text', text: 'あ'.repeat(1500) }))
    expect(faultsOf(light)).toEqual([])
    const contents = { type: 'carousel', contents: Array(2).fill(light['contents']) }
    expect(faultsOf({ ...light, contents })[0]?.message).toContain('50 KB')
  })

  it('includes a thirteenth bubble, none, and bubbles of different sizes', () => {
    const carousel = (contents: unknown) => ({
      ...receipt,
      contents: { type: 'carousel', contents },
    })
    const place = ['messages[0].contents.contents']
    expect(placesOf(carousel(Array(13).fill(receipt.contents)))).toEqual(place)
    expect(placesOf(carousel([]))).toEqual(place)
    const small = { ...receipt.contents, size: 'nano' }
    expect(placesOf(carousel([receipt.contents, small]))).toEqual(place)
    expect(placesOf({ ...receipt, contents: { type: 'bubble' } })).toEqual(['messages[0].contents'])
  })

  it.each([
    ['an empty text', { type: 'text', text: '' }, 'text'],
    ['a text without any', { type: 'text', wrap: true }, 'text'],
    ['a property that LINE does not know', { type: 'text', text: 'x', bold: true }, 'bold'],
    ['an inherited name for a property', { type: 'text', text: 'x', toString: 'y' }, 'toString'],
    ['a colour by name', { type: 'text', text: 'x', color: 'red' }, 'color'],
    ['a short colour', { type: 'text', text: 'x', color: '#fff' }, 'color'],
    ['a size without unit', { type: 'text', text: 'x', size: '12' }, 'size'],
    ['a margin in em', { type: 'text', text: 'x', margin: '1em' }, 'margin'],
    ['a weight that is a number', { type: 'text', text: 'x', weight: 700 }, 'weight'],
    ['wrap as a word', { type: 'text', text: 'x', wrap: 'yes' }, 'wrap'],
    ['a flex below nothing', { type: 'text', text: 'x', flex: -1 }, 'flex'],
    ['an unknown alignment', { type: 'text', text: 'x', align: 'left' }, 'align'],
    ['an unknown layout', { type: 'box', layout: 'grid', contents: [] }, 'layout'],
    ['a box without contents', { type: 'box', layout: 'vertical' }, 'contents'],
    ['an image that is not https', { type: 'image', url: 'http://shop.test/a.png' }, 'url'],
    [
      'an image four times as high',
      { type: 'image', url: 'https://a.test/', aspectRatio: '1:4' },
      'aspectRatio',
    ],
    ['a button without action', { type: 'button' }, 'action'],
    ['a component of no known type', { type: 'spacer' }, 'type'],
    ['a span outside of a text', { type: 'span', text: 'x' }, 'type'],
    ['an icon outside of a baseline', { type: 'icon', url: 'https://a.test/' }, 'type'],
  ])('includes %s', (_what, component, property) => {
    expect(placesOf(holding(component))).toEqual([`${inBody}.${property}`])
  })

  it.each([
    ['no label', { type: 'uri', uri: 'https://a.test/' }, 'label'],
    ['a label over 40', { type: 'uri', uri: 'https://a.test/', label: 'あ'.repeat(41) }, 'label'],
    [
      'an address over 1000',
      { type: 'uri', label: 'x', uri: `https://a.test/${'x'.repeat(986)}` },
      'uri',
    ],
    ['a script for an address', { type: 'uri', label: 'x', uri: 'javascript:alert(1)' }, 'uri'],
    ['a path for an address', { type: 'uri', label: 'x', uri: '/orders' }, 'uri'],
    [
      'an address in Japanese letters',
      { type: 'uri', label: 'x', uri: 'https://a.test/注文' },
      'uri',
    ],
    ['no data for a postback', { type: 'postback', label: 'x' }, 'data'],
    ['no text for a message', { type: 'message', label: 'x', text: '' }, 'text'],
    ['a kind that LINE does not have', { type: 'pay', label: 'x' }, 'type'],
  ])('includes a button with %s', (_what, action, property) => {
    expect(placesOf(holding({ type: 'button', action }))).toEqual([`${inBody}.action.${property}`])
  })

  it('counts a label as a reader does: one family is one character', () => {
    const label = '👨‍👩‍👧‍👦'.repeat(40)
    const button = { type: 'button', action: { type: 'message', label, text: 'x' } }
    expect(faultsOf(holding(button))).toEqual([])
  })

  it('includes boxes that are nested too deeply', () => {
    let box: Json = { type: 'text', text: 'x' }
    for (let depth = 0; depth < 12; depth++)
      box = { type: 'box', layout: 'vertical', contents: [box] }
    expect(faultsOf(holding(box))[0]?.message).toContain('nested too deeply')
  })

  it('includes quick replies with long labels, and a sender who says to be LINE', () => {
    const text = { type: 'text', text: 'x' }
    const action = { type: 'message', label: 'あ'.repeat(21), text: 'x' }
    const quickReply = { items: [{ type: 'action', action }] }
    expect(placesOf({ ...text, quickReply })).toEqual([
      'messages[0].quickReply.items[0].action.label',
    ])
    expect(placesOf({ ...text, sender: { name: 'LINE Pay' } })).toEqual(['messages[0].sender.name'])
    expect(faultsOf({ ...text, sender: { name: 'Online shop' } })).toEqual([])
  })
})

it('the checker says something about any garbage and never breaks', () => {
  fc.assert(
    fc.property(fc.anything(), (garbage) => {
      expect(checkMessages(garbage).length).toBeGreaterThan(0)
      const flex = { type: 'flex', altText: 'x', contents: { type: 'bubble', body: garbage } }
      for (const { message, property } of faultsOf(flex)) {
        expect(message).not.toBe('')
        expect(property).toMatch(/^messages\[0\]/)
      }
    }),
  )
})
