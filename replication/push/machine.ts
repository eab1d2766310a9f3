// The states of the push pipeline, and what moves it from one to the next. Nothing else does.
//
// | state      | meanwhile                                      | event                       | next       |
// | ---------- | ---------------------------------------------- | --------------------------- | ---------- |
// | idle       | nothing waits                                  | work                        | collecting |
// | collecting | writes of a moment become one request          | collected                   | sending    |
// | sending    | the ledger is read, one request is under way   | judged, smaller             | sending    |
// |            |                                                | held: all wait for others   | held       |
// |            |                                                | empty: nothing is left      | idle       |
// |            |                                                | failed                      | waiting    |
// |            |                                                | putOff: the server said when| putOff     |
// |            |                                                | unauthorised                | loggedOut  |
// | held       | a pause, longer each time; news cut it short   | work                        | collecting |
// | waiting    | the pause after a failure                      | due, network, now           | sending    |
// | putOff     | the pause that the server asked for            | due, now                    | sending    |
// | loggedOut  | until somebody asks, after a log-in            | now                         | sending    |
// | any        |                                                | stop                        | ended      |

export const PUSH_STATES = [
  'idle',
  'collecting',
  'sending',
  'held',
  'waiting',
  'putOff',
  'loggedOut',
  'ended',
] as const;
export type PushState = (typeof PUSH_STATES)[number];

export const PUSH_EVENTS = [
  'work',
  'collected',
  'judged',
  'smaller',
  'held',
  'empty',
  'failed',
  'putOff',
  'unauthorised',
  'due',
  'network',
  'now',
  'stop',
] as const;
export type PushEvent = (typeof PUSH_EVENTS)[number];

export const PUSH_TABLE: Readonly<
  Record<PushState, Readonly<Partial<Record<PushEvent, PushState>>>>
> = {
  idle: { work: 'collecting', stop: 'ended' },
  collecting: { collected: 'sending', stop: 'ended' },
  sending: {
    judged: 'sending',
    smaller: 'sending',
    held: 'held',
    empty: 'idle',
    failed: 'waiting',
    putOff: 'putOff',
    unauthorised: 'loggedOut',
    stop: 'ended',
  },
  held: { work: 'collecting', stop: 'ended' },
  waiting: { due: 'sending', network: 'sending', now: 'sending', stop: 'ended' },
  putOff: { due: 'sending', now: 'sending', stop: 'ended' },
  loggedOut: { now: 'sending', stop: 'ended' },
  ended: {},
};

/** An event that has no place in a state changes nothing. */
export const nextState = (state: PushState, event: PushEvent): PushState =>
  PUSH_TABLE[state][event] ?? state;
