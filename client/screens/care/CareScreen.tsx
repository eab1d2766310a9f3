// The care log: by day, today first, with the time since the last feeding and amounts per day.

import { Alert, Container, SegmentedControl, Stack } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { AmountsChart } from '../../components/care/AmountsChart.tsx';
import { CareHeader } from '../../components/care/CareHeader.tsx';
import { CareInstead } from '../../components/care/CareInstead.tsx';
import { CareSummary } from '../../components/care/CareSummary.tsx';
import { FeedingList } from '../../components/care/FeedingList.tsx';
import { FeedingPanel } from '../../components/care/FeedingPanel.tsx';
import { RefusedPanel } from '../../components/RefusedPanel.tsx';
import { UndoBar } from '../../components/UndoBar.tsx';
import { useNarrow } from '../../components/use-narrow.ts';
import { formatMoment, formatTime } from '../../queries/care/clock.ts';
import { deleteFeeding, type FeedingRow } from '../../queries/care/feedings.ts';
import { useCare, type Care } from '../../queries/care/use-care.ts';
import { useHeldDeletes } from '../../queries/use-held-deletes.ts';
import { addressOf, leave, navigate, withFilter } from '../../router.ts';
import { useRefused, type Refused } from '../../sync/use-refused.ts';
import { usePendingIds } from '../../sync/use-sync-status.ts';
import type { ModuleScreenProps } from '../module-screen.ts';

const add = (): void => navigate(addressOf('care', 'new'));
const close = (): void => leave(addressOf('care'));
const clearSearch = (): void => navigate(withFilter('q', undefined), 'replace');

const CareScreen = ({ open, search, query }: ModuleScreenProps) => {
  const deletes = useHeldDeletes<FeedingRow>(deleteFeeding);
  const care = useCare(search, deletes.hidden);
  const refused = useRefused('feedings');
  const remove = (row: FeedingRow): void => {
    close();
    deletes.hold(row);
  };
  useHotkeys(open === undefined ? [['n', add]] : []);
  const { latest } = deletes;
  return (
    <Container
      size={1200}
      h="calc(100dvh - var(--app-shell-header-height) - var(--app-shell-footer-height, 0rem))"
      pt="md"
      px="md"
    >
      <Stack h="100%" gap="sm">
        <CareHeader care={care} onAdd={add} />
        <RefusedPanel
          refused={refused}
          titleField="feedingTime"
          write={(time) => formatMoment(Date.parse(String(time)), care.zone)}
        />
        {deletes.problem !== undefined && <Alert color="red">{deletes.problem}</Alert>}
        {care.shown.length > 0 ? (
          <Log care={care} refused={refused} query={query} />
        ) : (
          <CareInstead care={care} onAdd={add} onClear={clearSearch} />
        )}
      </Stack>
      <FeedingPanel open={open} care={care} onClose={close} onDelete={remove} />
      <UndoBar
        what={latest && `${formatTime(latest.atMs, care.zone)}, ${latest.amountMl} ml`}
        onUndo={() => latest && deletes.undo(latest.id)}
      />
    </Container>
  );
};

interface LogProps {
  readonly care: Care;
  readonly refused: Refused;
  readonly query: URLSearchParams;
}

/** Side by side on a desk; on a phone the list or the chart. */
const Log = ({ care, refused, query }: LogProps) => {
  const narrow = useNarrow();
  const pending = usePendingIds('feedings');
  const reasons = new Map(refused.writes.map(({ id, message }) => [id, message]));
  const list = <FeedingList care={care} pending={pending} refused={reasons} />;
  const chart = <AmountsChart care={care} range={query.get('days')} />;
  if (!narrow)
    return (
      <div className="care">
        {list}
        <Stack gap="sm">
          <CareSummary care={care} />
          {chart}
        </Stack>
      </div>
    );
  // What was found stands in the list.
  const view = query.get('view') === 'chart' && !query.get('q') ? 'chart' : 'log';
  return (
    <>
      <CareSummary care={care} />
      <SegmentedControl
        fullWidth
        aria-label="What to show"
        data={[
          { value: 'log', label: 'By day' },
          { value: 'chart', label: 'Chart' },
        ]}
        value={view}
        onChange={(next) => navigate(withFilter('view', next === 'chart' ? next : ''), 'replace')}
      />
      {view === 'chart' ? chart : list}
    </>
  );
};

export default CareScreen;
