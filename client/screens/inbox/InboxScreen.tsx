// The inbox: versions that wait for a person, values that were overwritten, and what was settled.

import { Alert, Button, Container, SegmentedControl, Stack } from '@mantine/core';
import { EntryLine } from '../../components/inbox/EntryLine.tsx';
import { InboxInstead } from '../../components/inbox/InboxInstead.tsx';
import { PageHeader } from '../../components/PageHeader.tsx';
import { RefusedPanel } from '../../components/RefusedPanel.tsx';
import { VirtualList } from '../../components/VirtualList.tsx';
import { formatNumber, plural } from '../../queries/format.ts';
import { PHASES, type Phase } from '../../queries/inbox/entries.ts';
import { partOf, useHere, useInbox, usePeople, type Inbox } from '../../queries/inbox/use-inbox.ts';
import { usePutAwayAll } from '../../queries/inbox/use-settling.ts';
import { navigate, withFilter } from '../../router.ts';
import { useRefused } from '../../sync/use-refused.ts';
import type { ModuleScreenProps } from '../module-screen.ts';

const ROW_PX = 60;
const NAMES: Readonly<Record<Phase, string>> = {
  open: 'Open',
  information: 'Information',
  settled: 'Settled',
};

const lineOf = ({ state, parts: { open } }: Inbox): string => {
  if (state === 'failed') return 'Could not be read';
  if (state === 'loading') return 'Opening';
  return open.length === 0
    ? 'What met, and what was decided'
    : `${plural(open.length, 'thing waits', 'things wait')} for you`;
};
const show = (part: string): void =>
  navigate(withFilter('show', part === 'open' ? undefined : part), 'replace');

const InboxScreen = ({ query }: ModuleScreenProps) => {
  const inbox = useInbox();
  const people = usePeople();
  const here = useHere();
  const [putAwayAll, failure] = usePutAwayAll();
  const refused = useRefused('conflicts');
  const part = partOf(query);
  const { parts } = inbox;
  const rows = parts[part];
  const news = parts.information.length;
  return (
    <Container
      size={1200}
      h="calc(100dvh - var(--app-shell-header-height) - var(--app-shell-footer-height, 0rem))"
      pt="md"
      px="md"
    >
      <Stack h="100%" gap="sm">
        <PageHeader title="Inbox" line={lineOf(inbox)} calm={inbox.state === 'ready'}>
          {part === 'information' && news > 0 && (
            <Button variant="default" onClick={() => putAwayAll(parts.information)}>
              Put away all {formatNumber(news)}
            </Button>
          )}
        </PageHeader>
        <RefusedPanel refused={refused} titleField="" write={() => 'Your decision'} />
        <SegmentedControl
          aria-label="What to show"
          data={PHASES.map((phase) => ({
            value: phase,
            label:
              inbox.state === 'ready'
                ? `${NAMES[phase]} ${formatNumber(parts[phase].length)}`
                : NAMES[phase],
          }))}
          value={part}
          onChange={show}
          maw={480}
          fullWidth
        />
        {failure !== undefined && (
          <Alert color="red" title="This device could not save it" role="alert">
            {failure}
          </Alert>
        )}
        {rows.length > 0 && inbox.state !== 'failed' ? (
          <VirtualList label="Inbox" rows={rows} rowHeightPx={ROW_PX} view={part}>
            {(entry, index) => <EntryLine {...{ entry, index, people, here }} />}
          </VirtualList>
        ) : (
          <InboxInstead inbox={inbox} part={part} />
        )}
      </Stack>
    </Container>
  );
};

export default InboxScreen;
