// In which order listeners of one process hear of its own commits and of those of others.

import { expect, it } from 'vitest';
import { seq, workspaceId } from '../../replication/index.ts';
import { commitListeners } from '../../server/store/port/commit-rules.ts';
import { wakeUps, type WakeUps } from '../../server/store/mongo/wake-up.ts';

const HERE = workspaceId('here');
const THERE = workspaceId('there');

function listening(): { readonly wake: WakeUps; readonly heard: string[] } {
  const heard: string[] = [];
  const listeners = commitListeners();
  listeners.add(({ workspace, seq, changes }) =>
    heard.push(`${workspace} ${seq}${changes === undefined ? '' : ' with changes'}`),
  );
  return { wake: wakeUps(listeners), heard };
}

const own = (at: number): Parameters<WakeUps['made']>[1] => ({
  head: seq(at),
  changes: [{ collection: 'pins', id: 'a', text: '{}', scopeKeys: [], lostKeys: [] }],
});

it('an own commit is told once with its changes, also where its event comes before its answer', () => {
  const { wake, heard } = listening();
  wake.making(HERE, 1);
  wake.elsewhere(HERE, 1);
  expect(heard).toEqual([]);
  wake.made(HERE, own(1));
  wake.elsewhere(HERE, 1);
  expect(heard).toEqual(['here 1 with changes']);
});

it('who hears the changes of an own commit has heard of the one before it', () => {
  const { wake, heard } = listening();
  wake.making(HERE, 5);
  wake.made(HERE, own(5));
  wake.making(HERE, 7);
  wake.made(HERE, own(7));
  wake.elsewhere(HERE, 6);
  expect(heard).toEqual(['here 4', 'here 5 with changes', 'here 6', 'here 7 with changes']);
});

it('a commit of another process is told at once, and one that may be behind the own waits for it', () => {
  const { wake, heard } = listening();
  wake.making(HERE, 3);
  wake.elsewhere(HERE, 2);
  wake.elsewhere(HERE, 4);
  wake.elsewhere(THERE, 9);
  expect(heard).toEqual(['here 2', 'there 9']);
  wake.made(HERE, own(3));
  expect(heard).toEqual(['here 2', 'there 9', 'here 3 with changes', 'here 4']);
});

it('where an own commit comes to nothing, what another process made in its place is told', () => {
  const { wake, heard } = listening();
  wake.making(HERE, 3);
  wake.elsewhere(HERE, 3);
  wake.made(HERE, undefined);
  expect(heard).toEqual(['here 3']);
});
