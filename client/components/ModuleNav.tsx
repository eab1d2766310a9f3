// The way between the modules: at the left of a desk's screen, at the bottom of a phone's.

import { NavLink, Text, UnstyledButton } from '@mantine/core';
import { moduleFaces, type ModuleName } from '../modules.ts';
import { follow } from './follow.ts';
import { Icon } from './Icon.tsx';

interface ModuleNavProps {
  readonly modules: readonly ModuleName[];
  readonly current: string;
  /** Where each module was left, with its filters. */
  readonly addresses: Readonly<Partial<Record<ModuleName, string>>>;
}

const entriesOf = ({ modules, current, addresses }: ModuleNavProps) =>
  modules.map((name) => ({
    name,
    ...moduleFaces[name],
    here: name === current,
    // Who is there already comes back to its start.
    href: name === current ? `/${name}` : (addresses[name] ?? `/${name}`),
  }));

export const SideNav = (props: ModuleNavProps) =>
  entriesOf(props).map(({ name, label, icon, here, href }) => (
    <NavLink
      key={name}
      href={href}
      onClick={follow}
      active={here}
      aria-current={here ? 'page' : undefined}
      label={label}
      leftSection={<Icon name={icon} />}
      className="side-link"
    />
  ));

export const BottomNav = (props: ModuleNavProps) => (
  <nav className="bottom-nav" aria-label="Main">
    {entriesOf(props).map(({ name, label, icon, here, href }) => (
      <UnstyledButton
        key={name}
        component="a"
        href={href}
        onClick={follow}
        aria-current={here ? 'page' : undefined}
        className="bottom-link"
      >
        <Icon name={icon} size={22} />
        <Text span size="xs" fw={here ? 700 : 500}>
          {label}
        </Text>
      </UnstyledButton>
    ))}
  </nav>
);
