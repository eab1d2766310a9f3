// API keys, several workspaces, and how soon a change of rights is felt.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  call,
  cookieName,
  PASSWORD,
  startLiveServer,
  WORKSPACE,
  type LiveServer,
} from '../support/live-server.ts';

let live: LiveServer;
beforeEach(async () => {
  live = await startLiveServer();
});
afterEach(() => live.stop());

const accounts = () => live.server.core.accounts;
const readerOf = async (key: string) => {
  const found = await accounts().authenticate({ secret: key, via: 'key' });
  if (found === undefined) throw new Error('The key opens nothing.');
  return found.reader;
};

describe('a key', () => {
  it('opens what its owner may see, with its owner as author', async () => {
    const key = await live.keyFor('ada', { role: 'manager' });
    const answer = await call(live.url, key, '/api/session');
    expect(answer.json()).toMatchObject({ user: { email: 'ada@example.org' }, role: 'manager' });
  });

  it('is refused in any other form than the right one', async () => {
    const key = await live.keyFor('ada');
    const wrong = [
      `${key}x`,
      key.slice(0, -1),
      key.toUpperCase(),
      'hf_',
      `hf_${'A'.repeat(43)}`,
      '',
    ];
    for (const secret of wrong)
      expect([secret, (await call(live.url, secret, '/api/session')).status]).toEqual([
        secret,
        401,
      ]);
    const basic = { Authorization: `Basic ${Buffer.from(`ada:${key}`).toString('base64')}` };
    expect((await call(live.url, undefined, '/api/session', undefined, basic)).status).toBe(401);
    const cookie = { Cookie: `${cookieName(live.url)}=${key}` };
    expect((await call(live.url, undefined, '/api/session', undefined, cookie)).status).toBe(401);
  });

  it('may be made read-only, which its reader says', async () => {
    expect((await readerOf(await live.keyFor('ada', { readOnly: true }))).readOnly).toBe(true);
    expect((await readerOf(await live.keyFor('ada'))).readOnly).toBe(false);
  });

  it('is for its own workspace only', async () => {
    const key = await live.keyFor('ada');
    await accounts().createWorkspace('Second');
    const ada = { email: 'ada@example.org', name: 'ada', role: 'member' } as const;
    await accounts().addMember({ ...ada, workspace: 'Second' });
    const asked = (workspace: string) =>
      call(live.url, key, '/api/session', undefined, { 'X-Workspace': workspace });
    expect((await asked(WORKSPACE)).status).toBe(200);
    expect((await asked('Second')).json()).toMatchObject({ status: 403, code: 'not_a_member' });
  });
});

describe('a member of several workspaces', () => {
  it('picks one by id or name, and no other', async () => {
    await live.keyFor('ada');
    const second = await accounts().createWorkspace('Second');
    await accounts().createWorkspace('Foreign');
    const ada = { email: 'ada@example.org', name: 'ada', role: 'viewer' } as const;
    await accounts().addMember({ ...ada, workspace: 'Second' });
    const { token } = await accounts().signIn({
      email: ada.email,
      password: PASSWORD,
      address: '',
    });
    const asked = (workspace: string) =>
      call(live.url, undefined, '/api/session', undefined, {
        Cookie: `${cookieName(live.url)}=${token}`,
        'X-Workspace': workspace,
      });
    for (const name of ['second', second.id])
      expect((await asked(name)).json()).toMatchObject({
        workspace: { id: second.id },
        role: 'viewer',
      });
    for (const name of ['Foreign', 'nowhere'])
      expect((await asked(name)).json()).toMatchObject({ code: 'not_a_member' });
  });

  it('logs in to the workspace that is named', async () => {
    await live.keyFor('ada');
    await accounts().createWorkspace('Second');
    await accounts().addMember({
      email: 'ada@example.org',
      name: 'ada',
      role: 'owner',
      workspace: 'Second',
    });
    const credentials = { email: 'ada@example.org', password: PASSWORD, address: '' };
    const { reader } = await accounts().signIn({ ...credentials, workspace: 'Second' });
    expect(reader).toMatchObject({ workspaceName: 'Second', role: 'owner' });
  });
});

describe('rights', () => {
  it('are checked afresh for a stream, though requests remember them for moments', async () => {
    const key = await live.keyFor('ada');
    const reader = await readerOf(key);
    expect(await accounts().recheck(reader)).toBe(true);
    const place = `${reader.workspace}/${reader.user}`;
    await live.store.writeRecords([{ kind: 'member', id: place, value: { role: 'viewer' } }]);
    expect(await accounts().recheck(reader)).toBe(false);
    await live.store.writeRecords([{ kind: 'member', id: place, value: undefined }]);
    expect(await accounts().recheck(reader)).toBe(false);
    await live.store.writeRecords([
      { kind: 'member', id: place, value: { role: 'member' } },
      { kind: 'key', id: reader.credential, value: undefined },
    ]);
    expect(await accounts().recheck(reader)).toBe(false);
  });

  it('end within five seconds also by a change that nobody announced', async () => {
    let nowMs = Date.now();
    const other = await startLiveServer({ now: () => nowMs });
    const key = await other.keyFor('ada');
    expect((await call(other.url, key, '/api/session')).status).toBe(200);
    const [kept] = await other.store.records('key', '');
    await other.store.writeRecords([{ kind: 'key', id: kept?.id ?? '', value: undefined }]);
    nowMs += 5_000;
    expect((await call(other.url, key, '/api/session')).status).toBe(401);
    await other.stop();
  });

  it('are not remembered from before a change that came meanwhile', async () => {
    await live.keyFor('ada');
    const credentials = { email: 'ada@example.org', password: PASSWORD, address: '' };
    const { token } = await accounts().signIn(credentials);
    // Whatever changes makes the answers of before forgotten, so that the next one is read.
    await accounts().createWorkspace('Second');
    const races = [
      accounts().authenticate({ secret: token, via: 'session' }),
      accounts().signOut(token),
    ];
    await Promise.all(races);
    expect(await accounts().authenticate({ secret: token, via: 'session' })).toBeUndefined();
  });

  it('are not looked at again because somebody unknown logs out', async () => {
    let changes = 0;
    accounts().onChange(() => {
      changes += 1;
    });
    for (const token of ['nonsense', 'A'.repeat(43)]) {
      const headers = { Cookie: `${cookieName(live.url)}=${token}` };
      const answer = await fetch(`${live.url}/api/session`, { method: 'DELETE', headers });
      expect(answer.status).toBe(204);
    }
    expect(changes).toBe(0);
  });

  it('tell listeners of every change', async () => {
    let changes = 0;
    const stop = accounts().onChange(() => {
      changes += 1;
    });
    await live.keyFor('ada');
    expect(changes).toBe(2);
    stop();
    await live.keyFor('bob');
    expect(changes).toBe(2);
  });
});

describe('accounts', () => {
  it('refuse what would be a second of its kind, or none', async () => {
    await live.keyFor('ada');
    const ada = {
      email: 'ada@example.org',
      name: 'Ada',
      workspace: WORKSPACE,
      role: 'owner',
    } as const;
    const bob = { ...ada, email: 'bob@example.org', password: PASSWORD };
    await expect(accounts().createWorkspace(` ${WORKSPACE.toUpperCase()} `)).rejects.toThrow(
      'already',
    );
    await expect(accounts().createWorkspace(' \n')).rejects.toThrow('1 to 100 characters');
    await expect(accounts().addMember(ada)).rejects.toThrow('already');
    await expect(accounts().addMember({ ...bob, email: 'no address' })).rejects.toThrow(
      'no e-mail',
    );
    await expect(accounts().addMember({ ...bob, password: 'short' })).rejects.toThrow('8 to 1024');
    await expect(accounts().addMember({ ...bob, workspace: 'None' })).rejects.toThrow(
      'no workspace',
    );
    await expect(
      accounts().createKey({ email: bob.email, workspace: WORKSPACE, name: '', readOnly: false }),
    ).rejects.toThrow('no member');
    expect(await live.store.records('user', '')).toHaveLength(1);
  });

  it('keep passwords as salted scrypt hashes with their parameters', async () => {
    await live.keyFor('ada');
    await live.keyFor('bob');
    const kept = (await live.store.records('user', '')).map(
      ({ value }) => value as { password: string },
    );
    expect(kept[0]?.password).toMatch(/^scrypt\$15\$8\$3\$[\w-]{22}\$[\w-]{43}$/);
    expect(kept[0]?.password).not.toBe(kept[1]?.password);
  });
});
