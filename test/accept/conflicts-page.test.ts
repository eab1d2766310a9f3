// The tables of docs/conflicts.md are what the server really decides. To write them anew:
// HOLDFAST_UPDATE_DOCS=1 npx vitest run test/accept/conflicts-page.test.ts

import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { PushRow, WireDocument } from '../../replication/index.ts';
import { collections, type Collection } from '../../schemas/index.ts';
import { makeDevice, type Device } from '../support/device.ts';
import { openJudges } from '../support/judges.ts';

const PAGE = new URL('../../docs/conflicts.md', import.meta.url);
const START = '2026-03-01T10:00:00.000Z';
const { feedings, forms, movements, pins, products } = collections;

type Line = readonly [event: string, stands: string, inbox: string];

/** Two people with a document that both know, and what they send, in the order of arrival. */
async function story(collection: Collection, doc: Record<string, unknown>) {
  const judges = openJudges();
  judges.clock.nowMs = Date.parse(START);
  const now = (): number => judges.clock.nowMs;
  const devices = { ada: makeDevice('aaaaaaaaaa', now), bea: makeDevice('bbbbbbbbbb', now) };
  const name = { ada: 'Ada', bea: 'Bea' } as const;
  const before = collection === forms ? [devices.ada.row(pins, devices.ada.make(pins, PIN))] : [];
  await judges.push(devices.ada, [
    ...before,
    devices.ada.row(collection, devices.ada.make(collection, doc)),
  ]);
  const id = String(doc['id']);
  const known = (await judges.stored(collection.name, id)) ?? {};
  const lines: Line[] = [];
  const write = (minute: number, make: () => WireDocument): WireDocument => {
    judges.clock.nowMs = Date.parse(START) + minute * 60_000;
    return make();
  };
  const arrive = async (
    who: 'ada' | 'bea',
    words: string,
    sent: WireDocument | readonly PushRow[],
    fields: readonly string[],
  ) => {
    const device: Device = devices[who];
    const rows = Array.isArray(sent)
      ? (sent as readonly PushRow[])
      : [device.row(collection, sent as WireDocument, known)];
    const seen = (await judges.inbox()).length;
    const { results } = await judges.push(device, rows, judges.pusher(who));
    const stored = (await judges.stored(collection.name, id)) ?? {};
    const stands = stored._deleted === true ? 'deleted' : shown(stored, fields);
    const fresh = (await judges.inbox()).slice(seen);
    lines.push([
      `${name[who]} ${words}: \`${results.at(-1)?.verdict ?? ''}\``,
      stands,
      fresh
        .map(
          (entry) =>
            `${entry.state}, for ${name[entry.author as 'ada']}: ${shown(entry.mine, fields)}`,
        )
        .join('; '),
    ]);
  };
  return { devices, known, write, arrive, lines, judges };
}

const PIN = {
  id: 'p1',
  title: 'Gate',
  position: { lat: 54.18, lng: 7.89 },
  kind: 'site',
  status: 'open',
  notes: '',
};

const shown = (doc: Readonly<Record<string, unknown>>, fields: readonly string[]): string =>
  fields
    .map(
      (field) =>
        `${field} ${typeof doc[field] === 'string' ? `“${doc[field]}”` : JSON.stringify(doc[field])}`,
    )
    .join(', ');

const table = (lines: readonly Line[]): string => {
  const head: Line = ['what arrives', 'what stands then', 'in the inbox'];
  const all = [head, ...lines];
  const widths = head.map((_cell, at) => Math.max(...all.map((line) => (line[at] ?? '').length)));
  const row = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  return [row(head), row(widths.map((width) => '-'.repeat(width))), ...lines.map(row)].join('\n');
};

/** The page's text behind a marker, written anew first where that was asked for. */
function pageAt(marker: string, lines: readonly Line[]): string {
  const page = readFileSync(PAGE, 'utf8');
  const part = new RegExp(`<!-- ${marker} -->\\n(?:\\n\\|[^]*?\\|\\n(?=\\n))?`);
  const wanted = `<!-- ${marker} -->\n\n${table(lines)}\n`;
  if (process.env['HOLDFAST_UPDATE_DOCS'] === '1')
    writeFileSync(
      PAGE,
      page.replace(part, () => wanted),
    );
  return readFileSync(PAGE, 'utf8').split(`<!-- ${marker} -->`)[1] ?? '';
}

describe('the page about conflicts shows what happens', () => {
  it('by field', async () => {
    const { devices, known, write, arrive, lines } = await story(pins, PIN);
    const fields = ['title', 'status', 'notes'];
    const ada = write(5, () =>
      devices.ada.edit(pins, known, { title: 'North gate', notes: 'Locked' }),
    );
    const bea = write(7, () => devices.bea.edit(pins, known, { title: 'Gate 1', status: 'done' }));
    await arrive('bea', 'at 10:07 sets title and status', bea, fields);
    await arrive('ada', 'at 10:05 set title and notes', ada, fields);
    expect(pageAt('by-field', lines)).toContain(table(lines));
  });

  it('by answer', async () => {
    const form = { id: 'm1', pin: 'p1', template: 'inspection', answers: { lock: '', paint: '' } };
    const { devices, known, write, arrive, lines } = await story(forms, form);
    const answer = (device: Device, key: string, value: string): WireDocument => ({
      ...known,
      answers: { ...form.answers, [key]: value },
      clk: device.edit(forms, known, { [`answers/${key}`]: value }).clk ?? {},
      vv: device.edit(forms, known, {}).vv ?? {},
    });
    const ada = write(5, () => answer(devices.ada, 'lock', 'worn'));
    const bea = write(7, () => answer(devices.bea, 'paint', 'good'));
    await arrive('bea', 'at 10:07 answers “paint”', bea, ['answers']);
    await arrive('ada', 'at 10:05 answered “lock”', ada, ['answers']);
    expect(pageAt('by-answer', lines)).toContain(table(lines));
  });

  it('where the server wins', async () => {
    const tea = { id: 'x1', name: 'Tea', sku: 'T', priceMinor: 240, stock: 0, reorderLevel: 0 };
    const { devices, known, write, arrive, lines } = await story(products, tea);
    const ada = write(5, () => devices.ada.edit(products, known, { priceMinor: 260 }));
    const bea = write(7, () =>
      devices.bea.edit(products, known, { name: 'Green tea', priceMinor: 280 }),
    );
    await arrive('ada', 'at 10:05 sets the price', ada, ['name', 'priceMinor']);
    await arrive('bea', 'at 10:07 set name and price', bea, ['name', 'priceMinor']);
    expect(pageAt('server-wins', lines)).toContain(table(lines));
  });

  it('where a person decides', async () => {
    const feeding = {
      id: 'f1',
      feedingTime: '2026-03-01T09:45:00.000Z',
      foodType: 'formula',
      amountMl: 100,
      notes: '',
    };
    const fields = ['amountMl', 'notes'];
    const { devices, known, write, arrive, lines, judges } = await story(feedings, feeding);
    const ada = write(5, () => devices.ada.edit(feedings, known, { amountMl: 90 }));
    const bea = write(7, () =>
      devices.bea.edit(feedings, known, { amountMl: 120, notes: 'hungry' }),
    );
    await arrive('ada', 'at 10:05 sets the amount', ada, fields);
    await arrive('bea', 'at 10:07 set amount and notes', bea, fields);
    const [entry] = (await judges.inbox()) as unknown as readonly WireDocument[];
    const merged = { ...feeding, id: undefined, amountMl: 90, notes: 'hungry' };
    const settled = write(9, () =>
      devices.bea.edit(collections.conflicts, entry ?? {}, {
        resolution: { choice: 'merge', merged: JSON.parse(JSON.stringify(merged)) as object },
      }),
    );
    const row = devices.bea.row(collections.conflicts, settled, entry);
    await arrive('bea', 'at 10:09 decides: 90 ml, her notes', [row], fields);
    expect(pageAt('a-person', lines)).toContain(table(lines));
  });

  it('when something is deleted', async () => {
    const { devices, known, write, arrive, lines } = await story(pins, PIN);
    const ada = write(5, () => devices.ada.remove(known));
    const bea = write(7, () => devices.bea.edit(pins, known, { notes: 'Key at the office' }));
    await arrive('ada', 'at 10:05 deletes the pin', ada, ['notes']);
    await arrive('bea', 'at 10:07 wrote notes', bea, ['notes']);
    expect(pageAt('deleting', lines)).toContain(table(lines));
  });

  it('when things are counted', async () => {
    const tea = { id: 'x1', name: 'Tea', sku: 'T', priceMinor: 240, stock: 0, reorderLevel: 0 };
    const { devices, write, arrive, lines } = await story(products, tea);
    const move = (device: Device, id: string, amount: number, reason: string): PushRow =>
      device.row(movements, device.make(movements, { id, product: 'x1', amount, reason }));
    await arrive('ada', 'takes in 1', [move(devices.ada, 'm1', 1, 'delivery')], ['stock']);
    const sold = [
      write(5, () =>
        devices.ada.make(movements, { id: 'm2', product: 'x1', amount: -1, reason: 'sale' }),
      ),
    ];
    await arrive(
      'ada',
      'at 10:05 sells 1',
      sold.map((doc) => devices.ada.row(movements, doc)),
      ['stock'],
    );
    await arrive('bea', 'at 10:05 sold 1 too', [move(devices.bea, 'm3', -1, 'sale')], ['stock']);
    expect(pageAt('counting', lines)).toContain(table(lines));
  });
});
