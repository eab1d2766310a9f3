// The search in the top bar: it filters the list of the module that is shown. `/` leads to it.

import { ActionIcon, Kbd, TextInput } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { useRef, type KeyboardEvent } from 'react';
import { useSearch } from '../queries/use-search.ts';
import { Icon } from './Icon.tsx';

interface ModuleSearchProps {
  readonly label: string;
  /** What the address searches for. */
  readonly inAddress: string;
  /** `/` leads here; not while a sheet is open above the list. */
  readonly byKey: boolean;
  /** On a phone it takes the top bar until it is closed. */
  readonly onClose?: () => void;
}

const toList = (): void => document.querySelector<HTMLElement>('main [data-index]')?.focus();

export const ModuleSearch = ({ label, inAddress, byKey, onClose }: ModuleSearchProps) => {
  const [text, search] = useSearch(inAddress);
  const box = useRef<HTMLInputElement>(null);
  useHotkeys(byKey ? [['/', () => box.current?.focus()]] : []);
  const close = (): void => {
    search('');
    onClose?.();
  };
  const keys = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') close();
    if (event.key !== 'ArrowDown' && event.key !== 'Enter') return;
    event.preventDefault();
    toList();
  };
  const clear = (
    <ActionIcon variant="subtle" color="gray" aria-label="Clear the search" onClick={close}>
      <Icon name="close" size={16} />
    </ActionIcon>
  );
  const hint = onClose ? null : <Kbd>/</Kbd>;
  return (
    <TextInput
      ref={box}
      flex={1}
      maw={onClose ? undefined : 420}
      role="searchbox"
      enterKeyHint="search"
      aria-label={label}
      placeholder={label}
      autoFocus={onClose !== undefined}
      leftSection={<Icon name="search" />}
      rightSection={text || onClose ? clear : hint}
      value={text}
      onChange={(event) => search(event.currentTarget.value)}
      onKeyDown={keys}
    />
  );
};
