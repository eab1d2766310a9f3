// Which modules the workspace begins with.

import { Box, Checkbox, Group, Stack, Text } from '@mantine/core';
import { isModule, moduleFaces, type ModuleName } from '../../modules.ts';
import { MODULES } from '../../../schemas/index.ts';
import { Icon } from '../Icon.tsx';

const ABOUT = {
  map: 'Places on a map that works without a network, with notes and forms.',
  care: 'Who was fed what, when and how much, day by day.',
} as const satisfies Record<ModuleName, string>;

interface ModuleChoiceProps {
  readonly value: readonly ModuleName[];
  readonly error: string | undefined;
  readonly onChange: (modules: readonly ModuleName[]) => void;
}

export const ModuleChoice = ({ value, error, onChange }: ModuleChoiceProps) => (
  <Checkbox.Group
    label="Modules"
    value={[...value]}
    error={error}
    onChange={(names) => onChange(names.filter(isModule))}
  >
    <Stack gap="xs" mt={4} mb={error === undefined ? 0 : 'xs'}>
      {MODULES.map((name) => (
        <Checkbox.Card key={name} value={name} p="sm" id={`module-${name}`}>
          <Group wrap="nowrap" gap="sm">
            <Checkbox.Indicator />
            <Box component="span" flex="none" lh={0}>
              <Icon name={moduleFaces[name].icon} size={22} />
            </Box>
            <div>
              <Text fw={600} size="sm">
                {moduleFaces[name].label}
              </Text>
              <Text size="sm" c="dimmed">
                {ABOUT[name]}
              </Text>
            </div>
          </Group>
        </Checkbox.Card>
      ))}
    </Stack>
  </Checkbox.Group>
);
