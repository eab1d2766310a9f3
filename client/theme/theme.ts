// What Mantine is told about colours, type and touch; everything else is its own.

import { createTheme, Drawer, Menu, Modal, Title, type CSSVariablesResolver } from '@mantine/core';

const sheet = {
  defaultProps: { closeButtonProps: { 'aria-label': 'Close', size: 44, iconSize: 20 } },
  styles: { title: { fontWeight: 600, color: 'var(--mantine-color-bright)', minWidth: 0 } },
} as const;

export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 7, dark: 7 },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
  fontFamilyMonospace: 'ui-monospace, Menlo, Consolas, monospace',
  defaultRadius: 'md',
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    Title: Title.extend({ defaultProps: { c: 'bright' } }),
    Modal: Modal.extend(sheet),
    Drawer: Drawer.extend(sheet),
    // Otherwise a menu has a child that is no entry of it.
    Menu: Menu.extend({ defaultProps: { withInitialFocusPlaceholder: false } }),
  },
});

/** Mantine's own values of these have too little contrast for small text. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': 'var(--mantine-color-gray-7)',
    '--mantine-color-placeholder': 'var(--mantine-color-gray-6)',
    '--mantine-color-error': 'var(--mantine-color-red-8)',
    '--mantine-color-red-filled': 'var(--mantine-color-red-8)',
    '--mantine-color-red-filled-hover': 'var(--mantine-color-red-9)',
    '--mantine-color-red-outline': 'var(--mantine-color-red-8)',
    '--mantine-color-yellow-light-color': '#7a4100',
  },
  dark: {
    '--mantine-color-dimmed': 'var(--mantine-color-dark-1)',
    '--mantine-color-placeholder': 'var(--mantine-color-dark-2)',
    '--mantine-color-error': 'var(--mantine-color-red-5)',
    '--mantine-color-text': 'var(--mantine-color-gray-3)',
    '--mantine-color-gray-light': 'var(--mantine-color-dark-6)',
    // Without these, a red or a blue button without a surface looks like plain text.
    '--mantine-color-red-light-color': 'var(--mantine-color-red-4)',
    '--mantine-color-indigo-light-color': 'var(--mantine-color-indigo-2)',
    '--mantine-color-red-filled': 'var(--mantine-color-red-8)',
    '--mantine-color-red-filled-hover': 'var(--mantine-color-red-9)',
  },
});
