// The way between the modules and the Sync centre: at the left of a desk's screen, at the bottom of a phone's.

import { Badge, Indicator, NavLink, Text, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { SYNC_FACE, moduleFaces, type ModuleName } from '../modules.ts';
import { formatNumber } from '../queries/format.ts';
import { useNeedsCount } from '../sync/use-sync-status.ts';
import { follow } from './follow.ts';
import { Icon } from './Icon.tsx';

interface ModuleNavProps {
  readonly modules: readonly ModuleName[];
  readonly current: string;
  /** Where each screen was left, with its filters. */
  readonly addresses: Readonly<Partial<Record<string, string>>>;
}

/** `2 need you` */
const needWords = (count: number): string =>
  `${formatNumber(count)} ${count === 1 ? 'needs' : 'need'} you`;

const useEntries = ({ modules, current, addresses }: ModuleNavProps) => {
  const needs = useNeedsCount();
  const screens = [
    ...modules.map((name) => ({ name, count: 0, ...moduleFaces[name] })),
    { name: 'sync', count: needs, ...SYNC_FACE },
  ];
  // The inbox is a part of the Sync centre.
  const shown = current === 'inbox' ? 'sync' : current;
  return screens.map(({ name, ...face }) => ({
    name,
    ...face,
    here: name === shown,
    // Who is there already comes back to its start.
    href: name === current ? `/${name}` : (addresses[name] ?? `/${name}`),
  }));
};

export const SideNav = (props: ModuleNavProps) =>
  useEntries(props).map(({ name, label, icon, here, href, count }) => (
    <NavLink
      key={name}
      href={href}
      onClick={follow}
      active={here}
      aria-current={here ? 'page' : undefined}
      label={label}
      leftSection={<Icon name={icon} />}
      rightSection={
        count > 0 && (
          <Badge color="red">
            {formatNumber(count)}
            <VisuallyHidden>{needWords(count).replace(/^\S+/, '')}</VisuallyHidden>
          </Badge>
        )
      }
      className="side-link"
    />
  ));

export const BottomNav = (props: ModuleNavProps) => (
  <nav className="bottom-nav" aria-label="Main">
    {useEntries(props).map(({ name, label, icon, here, href, count }) => (
      <UnstyledButton
        key={name}
        component="a"
        href={href}
        onClick={follow}
        aria-current={here ? 'page' : undefined}
        className="bottom-link"
      >
        {/* Its number would stand before the name. */}
        <Indicator
          color="red"
          size={18}
          label={formatNumber(count)}
          disabled={count === 0}
          aria-hidden
        >
          <Icon name={icon} size={22} />
        </Indicator>
        <Text span size="xs" fw={here ? 700 : 500}>
          {label}
        </Text>
        {count > 0 && <VisuallyHidden>{needWords(count)}</VisuallyHidden>}
      </UnstyledButton>
    ))}
  </nav>
);
