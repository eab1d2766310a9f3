// What must hold after a server was restored from an older backup: what it had acknowledged and a
// device still has comes back. In words of its own, whatever the verdicts on the way.

import type { WireDocument } from '../../../replication/index.ts';
import { entriesOf, same, textOf } from './values.ts';
import type { Sent } from './watch.ts';

const isOf = (device: string, stamp: string): boolean => stamp.slice(19).startsWith(device);

/** @param sent the rows of devices that still have their data. */
export function checkRestored(
  sent: readonly Sent[],
  there: ReadonlyMap<string, WireDocument>,
  holdsValue: (
    lost: Omit<Sent, 'clk'> & { readonly entry: string; readonly value: unknown },
  ) => boolean,
): readonly string[] {
  const taken = sent.filter(
    ({ verdict, code, collection }) =>
      (verdict === 'accepted' || code === 'merged') && collection !== 'conflicts',
  );
  // Two substitutes of one device's stamps stand in no order across a restart of the server: what the
  // device wrote first does.
  const asWritten = new Map(
    sent.flatMap(({ key, clk, doc }) =>
      Object.entries(clk).map(([entry, stamp]) => [`${key} ${stamp}`, doc.clk?.[entry] ?? stamp]),
    ),
  );
  const deletes = taken.filter(({ clk }) => clk['-'] !== undefined);
  const deleted = new Set(deletes.map(({ key }) => key));
  // What somebody wrote over who had seen it is lost only if that is, which is looked for itself.
  const succeeded = new Set(
    taken.flatMap(({ key, clk, base, seen }) =>
      Object.entries(base?.clk ?? seen ?? {})
        .filter(([entry, stamp]) => (clk[entry] ?? '') > stamp)
        .map(([entry, stamp]) => `${key} ${entry} ${stamp}`),
    ),
  );
  return taken.flatMap((row) => {
    const now = there.get(row.key);
    if (now === undefined)
      return deleted.has(row.key) ? [] : [`${row.key} was acknowledged and is gone`];
    // Where the server wins, an edit that came before it stands, and its author is told.
    if (deletes.includes(row))
      return holdsValue({ ...row, entry: 'deleted', value: true })
        ? []
        : [`${row.key} was deleted and is there`];
    const values = entriesOf(row.collection, row.doc);
    return Object.entries(row.clk)
      .filter(([entry, stamp]) => entry !== '*' && isOf(row.device, stamp))
      .filter(([entry, stamp]) => !succeeded.has(`${row.key} ${entry} ${stamp}`))
      .filter(([entry, stamp]) => {
        const standing = now.clk?.[entry] ?? now.clk?.['*'] ?? '';
        const written = asWritten.get(`${row.key} ${standing}`) ?? standing;
        return (
          standing < stamp && !(isOf(row.device, written) && written > (row.doc.clk?.[entry] ?? ''))
        );
      })
      .filter(([entry]) => !same(entriesOf(row.collection, now).get(entry), values.get(entry)))
      .filter(([entry]) => !holdsValue({ ...row, entry, value: values.get(entry) }))
      .map(
        ([entry]) => `${row.key} ${entry} lost what was acknowledged: ${textOf(values.get(entry))}`,
      );
  });
}
