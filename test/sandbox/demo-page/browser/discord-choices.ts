import type { DemoAction, DemoDiscord } from '../state.ts'
import type { Choice, GuideProps } from './choices.ts'

/** What can be done on Discord, and what others there do to whoever holds the phone. */
export function discordChoices(props: GuideProps): Choice[] {
  const { discord } = props.state
  if (!discord?.me) return []
  return [
    type(props, discord),
    comeAndGo(props, discord),
    messages(props, discord),
    moderate(props, discord),
    moveBot(props, discord),
  ]
}

function choice(
  { onAct }: GuideProps,
  name: string,
  says: [label: string, note: string],
  action: DemoAction,
  more: Partial<Choice> = {},
): Choice {
  return { name, label: says[0], note: says[1], run: () => onAct(action), ...more }
}

function type(props: GuideProps, discord: DemoDiscord): Choice {
  const w = props.words.discord
  const isMember = rolesOf(discord).some((role) => role === 'member' || role === 'premium')
  const more = discord.onServer ? { strong: true } : { run: null, note: w.notHere }
  return isMember
    ? choice(
        props,
        'card',
        [w.card, w.cardNote],
        { action: 'discord_type', command: 'membership' },
        more,
      )
    : choice(props, 'join', [w.join, w.joinNote], { action: 'discord_type', command: 'join' }, more)
}

function comeAndGo(props: GuideProps, { onServer }: DemoDiscord): Choice {
  const w = props.words.discord
  return onServer
    ? choice(props, 'leave-server', [w.leave, w.leaveNote], { action: 'discord_leave' })
    : choice(
        props,
        'come-back',
        [w.back, w.backNote],
        { action: 'discord_come_back' },
        { strong: true },
      )
}

function messages(props: GuideProps, { takesDms }: DemoDiscord): Choice {
  const w = props.words.discord
  return takesDms
    ? choice(props, 'dms-off', [w.refuseDms, w.refuseDmsNote], { action: 'discord_refuse_dms' })
    : choice(
        props,
        'dms-on',
        [w.takeDms, w.takeDmsNote],
        { action: 'discord_take_dms' },
        { strong: true },
      )
}

/** The moderators' own role first; once somebody has it, ours can be taken away to see it come back. */
function moderate(props: GuideProps, discord: DemoDiscord): Choice {
  const w = props.words.discord
  const roles = rolesOf(discord)
  const more = discord.onServer ? {} : { run: null, note: w.notHere }
  if (!roles.includes('tea'))
    return choice(
      props,
      'give-tea',
      [w.giveTea, w.giveTeaNote],
      { action: 'discord_give_tea' },
      more,
    )
  if (roles.includes('member') || roles.includes('premium'))
    return choice(
      props,
      'take-member',
      [w.takeMember, w.takeMemberNote],
      { action: 'discord_take_member' },
      more,
    )
  return choice(props, 'take-tea', [w.takeTea, w.takeTeaNote], { action: 'discord_take_tea' }, more)
}

function moveBot(props: GuideProps, { botBelow }: DemoDiscord): Choice {
  const w = props.words.discord
  return botBelow
    ? choice(
        props,
        'bot-above',
        [w.botAbove, w.botAboveNote],
        { action: 'discord_bot_above' },
        { strong: true },
      )
    : choice(props, 'bot-below', [w.botBelow, w.botBelowNote], { action: 'discord_bot_below' })
}

function rolesOf({ me, members }: DemoDiscord) {
  return members.find(({ id }) => id === me?.id)?.roles ?? []
}
