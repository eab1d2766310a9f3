// An example of a change of fields: tasks get their text under another name, and a number in place of
// a mark. Two versions of the same program have one of each.

import {
  defineCollection,
  fieldLww,
  flag,
  integer,
  moveField,
  optional,
  text,
  type Collection,
  type Migration,
} from '../../schemas/index.ts';

const about = {
  name: 'tasks',
  label: { one: 'task', many: 'tasks' },
  policy: fieldLww(),
} as const;

export const tasksBefore = defineCollection({
  ...about,
  version: 0,
  fields: {
    name: text(100),
    note: text(100),
    urgent: optional(flag()),
    color: optional(text(20)),
  },
  sample: () => ({ name: 'x', note: '' }),
});

/** `name` is called `title`, and `urgent` is a priority; `color` is no more. */
const toTitles: Migration = (document) => {
  const { color: _gone, ...named } = moveField(document, 'name', 'title');
  return moveField(named, 'urgent', 'priority', (urgent) => (urgent === true ? 2 : 0));
};

export const tasksAfter = defineCollection({
  ...about,
  version: 1,
  migrations: { 1: toTitles },
  fields: { title: text(100), note: text(100), priority: integer(0, 9) },
  sample: () => ({ title: 'x', note: '', priority: 0 }),
});

/** One more version, which shows whether it was made twice. */
export const tasksLater = defineCollection({
  ...about,
  version: 2,
  migrations: {
    1: toTitles,
    2: (document) => ({ ...document, priority: Number(document['priority']) + 1 }),
  },
  fields: { title: text(100), note: text(100), priority: integer(0, 9) },
  sample: () => ({ title: 'x', note: '', priority: 0 }),
});

/** Never changes. */
export const lists: Collection = defineCollection({
  name: 'lists',
  label: { one: 'list', many: 'lists' },
  version: 0,
  fields: { title: text(100) },
  policy: fieldLww(),
  sample: () => ({ title: 'x' }),
});
