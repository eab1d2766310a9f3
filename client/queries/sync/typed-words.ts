// What was typed to try a refused change again, without the names that its form has for fields.

import { labelOf } from '../inbox/faces.ts';
import { recordKey, type Item } from './items.ts';

/** @param typed a line for each field, which begins with its key in the form (`EditField`). */
export const typedWords = (typed: string, members: Item['members']): string =>
  typed
    .split('\n')
    .map((line) => {
      const member = members.find((one) => line.startsWith(`${recordKey(one)} `));
      if (member === undefined) return line;
      const [entry = '', ...rest] = line.slice(recordKey(member).length + 1).split(': ');
      return [labelOf(member.collection, entry), ...rest].join(': ');
    })
    .join('\n');
