// A few conversations, in the order in which they were written, and some reactions.

import type { IngestDocument } from '../ops/ingest.ts';
import { chance, numbered, type Making } from './make.ts';

const TALK: Readonly<Record<string, readonly string[]>> = {
  'Field team': [
    'Morning! Who takes the pumping stations today?',
    'North side is mine. Back at the depot by four.',
    'No signal past the bridge. I take the list along, it catches up by itself later.',
    'Can somebody check the loose railing at the harbour?',
    'Done. Two bolts were missing, photo and form are on the pin.',
    'The tide gauge needs a new battery. I put it on the list.',
    'Well sample is in the fridge, label 14.',
    'Track to the weather mast is muddy. Park at the road.',
    'Thanks, saved me an hour.',
    'All open hazards of this week are closed but one.',
  ],
  'Night shift': [
    'Took over, all quiet.',
    'Fed at half past one, 120 ml, slept right after.',
    'The formula is nearly out. Can you bring some?',
    'On the shelf now, left side.',
    'Next one around five, please.',
    'She finished all of it this time.',
  ],
  Shop: [
    'Rye bread is going fast today. Bake more?',
    'Twelve more at ten.',
    'The card reader was offline for a while, the sales are all there.',
    'Oven door closes again. Receipt is in expenses.',
    'Count of the cheese was one short, I wrote it down as waste.',
    'Who opens on Saturday?',
    'I do.',
  ],
  'All hands': [
    'Welcome! Nothing here is real: it is sample data for you to look around.',
    'Try it without a network, too. Everything that you write is kept and sent later.',
  ],
};
const EMOJI = ['👍', '👍', '❤️', '😀', '🙏'] as const;

export interface Chat {
  readonly messages: readonly IngestDocument[];
  /** The ids are `message|user`, as those of everybody's reactions. */
  readonly reactions: readonly IngestDocument[];
}

/** @param user Who reacts: a reaction belongs to a person. */
export function chat({ random }: Making, user: string): Chat {
  const messages = numbered(
    'message',
    Object.entries(TALK).flatMap(([conversation, texts]) =>
      texts.map((text) => ({ conversation, text, kind: 'text' })),
    ),
  );
  const reactions = messages
    .filter(() => chance(random, 40))
    .map(({ id }) => ({
      id: `${id}|${user}`,
      fields: { message: id, user, emoji: random.pick(EMOJI) },
    }));
  return { messages, reactions };
}
