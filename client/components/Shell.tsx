// What stands around every screen: the top bar, the way between the modules and the Sync centre, and the place
// where a screen is shown.

import { AppShell } from '@mantine/core';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { isModule } from '../modules.ts';
import { leftAt, type Route } from '../router.ts';
import type { Account } from '../session/account.ts';
import { BottomNav, SideNav } from './ModuleNav.tsx';
import { ShellNotices } from './ShellNotices.tsx';
import { NarrowBar, WideBar } from './TopBar.tsx';
import { useChangedRights } from '../sync/use-changed-rights.ts';
import { useSendLater } from '../sync/use-send-later.ts';
import { useNarrow } from './use-narrow.ts';

interface ShellProps {
  readonly account: Account;
  readonly route: Route;
  readonly children: ReactNode;
}

/** After going to another screen, reading and Tab go on from its beginning. */
const useFocusOnScreen = (screen: Route['screen']) => {
  const main = useRef<HTMLElement>(null);
  const shown = useRef(screen);
  useEffect(() => {
    if (shown.current === screen || screen === 'start') return;
    // The page's own first step, from the start to the first module, is no navigation.
    if (shown.current !== 'start') main.current?.focus({ preventScroll: true });
    shown.current = screen;
  }, [screen]);
  return main;
};

/** Where each module was left: coming back brings its filters again. */
const useLeft = ({ screen, query }: Route): Readonly<Record<string, string>> => {
  const [left, leave] = useState<Readonly<Record<string, string>>>({});
  const address = leftAt(screen, query);
  if (screen === 'start' || screen === 'unknown' || left[screen] === address) return left;
  const next = { ...left, [screen]: address };
  leave(next);
  return next;
};

export const Shell = ({ account, route, children }: ShellProps) => {
  useSendLater();
  useChangedRights();
  const narrow = useNarrow();
  const main = useFocusOnScreen(route.screen);
  const module = isModule(route.screen) ? route.screen : undefined;
  const { modules } = account;
  const nav = { modules, current: route.screen, addresses: useLeft(route) };
  const bar = { account, route, module };
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 220, breakpoint: 'sm', collapsed: { mobile: true } }}
      {...(narrow ? { footer: { height: 60 } } : {})}
    >
      <a href="#main" className="skip-link">
        Skip to the content
      </a>
      <AppShell.Header>{narrow ? <NarrowBar {...bar} /> : <WideBar {...bar} />}</AppShell.Header>
      {!narrow && (
        <AppShell.Navbar p="xs" aria-label="Main">
          <SideNav {...nav} />
        </AppShell.Navbar>
      )}
      <AppShell.Main id="main" ref={main} tabIndex={-1} className="screen">
        <ShellNotices account={account} />
        {children}
      </AppShell.Main>
      {narrow && (
        <AppShell.Footer>
          <BottomNav {...nav} />
        </AppShell.Footer>
      )}
    </AppShell>
  );
};
