// `demo`: a server with sample data and two log-ins, on a data folder that is gone afterwards.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { DEFAULT_HOST } from '../config.ts';
import { CommandError } from '../ops/commands.ts';
import type { Core } from '../core.ts';
import { loadSampleStep, type Sample } from '../ops/sample.ts';
import type { Parts } from './parts.ts';
import { serveWith } from './serve.ts';
import type { TlsFiles } from './tls.ts';

export interface DemoOptions extends TlsFiles {
  readonly port: number;
}

const WORKSPACE = 'Demo';
const PEOPLE = [
  { name: 'Mara', email: 'mara@example.org', role: 'owner' },
  { name: 'Jonas', email: 'jonas@example.org', role: 'member' },
] as const;

interface LogIn {
  readonly email: string;
  readonly role: string;
  readonly password: string;
}

async function fill(core: Core, sample: Sample): Promise<readonly LogIn[]> {
  const { accounts } = core;
  await accounts.createWorkspace(WORKSPACE);
  const logIns: LogIn[] = [];
  for (const person of PEOPLE) {
    const password = randomBytes(9).toString('base64url');
    await accounts.addMember({ ...person, workspace: WORKSPACE, password });
    logIns.push({ email: person.email, role: person.role, password });
  }
  const owner = await accounts.commander(PEOPLE[0].email, WORKSPACE);
  if (owner === undefined) throw new CommandError('The demo could not make its workspace.');
  let progress = await loadSampleStep(core, sample, owner);
  while (progress.done < progress.total) progress = await loadSampleStep(core, sample, owner);
  return logIns;
}

const described = (url: string, logIns: readonly LogIn[]): string =>
  [
    `listening on ${url}`,
    `Workspace "${WORKSPACE}" with sample data. Log in at ${url} as`,
    ...logIns.map(({ email, role, password }) => `  ${email}  password ${password}  (${role})`),
    'Everything is removed when you end it with Ctrl-C.',
    '',
  ].join('\n');

export async function demo(parts: Parts, options: DemoOptions): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'holdfast-demo-'));
  // Whatever ends the process, a second Ctrl-C too.
  process.once('exit', () => {
    rmSync(data, { recursive: true, force: true });
  });
  let logIns: readonly LogIn[] = [];
  await serveWith(
    parts,
    { ...options, host: DEFAULT_HOST, data },
    {
      prepare: async (core) => {
        logIns = await fill(core, parts.sample);
      },
      ready: (url) => {
        process.stdout.write(described(url, logIns));
      },
    },
  );
}
