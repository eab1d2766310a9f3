// The care log: by day, today first, with the time since the last feeding and amounts per day.

import { Alert, Container, SegmentedControl, Stack } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { AmountsChart } from '../../components/care/AmountsChart.tsx';
import { CareHeader } from '../../components/care/CareHeader.tsx';
import { CareSummary } from '../../components/care/CareSummary.tsx';
import { FeedingList } from '../../components/care/FeedingList.tsx';
import { FeedingPanel, titleAt } from '../../components/care/FeedingPanel.tsx';
import { ListInstead } from '../../components/ListInstead.tsx';
import { RecordNotice } from '../../components/NoticeBar.tsx';
import { RefusedPanel } from '../../components/RefusedPanel.tsx';
import { useAdded } from '../../components/use-added.ts';
import { useNarrow } from '../../components/use-narrow.ts';
import { collections } from '../../../schemas/index.ts';
import { formatTime } from '../../queries/care/clock.ts';
import type { FeedingRow } from '../../queries/care/feedings.ts';
import { useCare, type Care } from '../../queries/care/use-care.ts';
import { formatNumber } from '../../queries/format.ts';
import { useHeldDeletes } from '../../queries/use-held-deletes.ts';
import { useMayWrite } from '../../queries/use-may-write.ts';
import { addressOf, leave, navigate, withFilter } from '../../router.ts';
import { useRefused } from '../../sync/use-refused.ts';
import { useMarks, type RecordMarks } from '../../sync/use-marks.ts';
import type { ModuleScreenProps } from '../module-screen.ts';

const add = (): void => navigate(addressOf('care', 'new'));
const close = (): void => leave(addressOf('care'));
const clearSearch = (): void => navigate(withFilter('q', undefined), 'replace');

const CareScreen = ({ open, search, query }: ModuleScreenProps) => {
  const deletes = useHeldDeletes<FeedingRow>('feedings');
  const care = useCare(search, deletes.hidden);
  const marks = useMarks('feedings');
  const refused = useRefused('feedings');
  const mayAdd = useMayWrite('feedings');
  const [added, tellAdded] = useAdded();
  const remove = (row: FeedingRow): void => {
    close();
    deletes.hold(row);
  };
  useHotkeys(open === undefined && mayAdd ? [['n', add]] : []);
  const { latest } = deletes;
  const fresh = added === undefined ? undefined : care.find(added);
  const nameOf = ({ atMs, amountMl }: FeedingRow): string =>
    `${formatTime(atMs, care.zone)}, ${formatNumber(amountMl)} ml`;
  return (
    <Container
      size={1200}
      h="calc(100dvh - var(--app-shell-header-height) - var(--app-shell-footer-height, 0rem))"
      pt="md"
      px="md"
    >
      <Stack h="100%" gap="sm">
        <CareHeader care={care} mayAdd={mayAdd} onAdd={add} />
        <RefusedPanel
          refused={refused}
          titleField="feedingTime"
          write={(time) => titleAt(Date.parse(String(time)), care)}
        />
        {deletes.problem !== undefined && <Alert color="red">{deletes.problem}</Alert>}
        {care.shown.length > 0 && care.state !== 'failed' ? (
          <Log care={care} chosen={open ?? added} marks={marks} query={query} />
        ) : (
          <NoFeedings care={care} mayAdd={mayAdd} />
        )}
      </Stack>
      <FeedingPanel
        open={open}
        care={care}
        marks={marks}
        onAdded={(id) => {
          tellAdded(id);
          close();
        }}
        onClose={close}
        onDelete={remove}
      />
      <RecordNotice
        deleted={latest && nameOf(latest)}
        added={fresh && nameOf(fresh)}
        onUndo={() => latest && deletes.undo(latest.id)}
        onShow={() => navigate(addressOf('care', added))}
      />
    </Container>
  );
};

interface NoFeedingsProps {
  readonly care: Care;
  readonly mayAdd: boolean;
}

const NoFeedings = ({ care, mayAdd }: NoFeedingsProps) => (
  <ListInstead
    list={{ ...care, total: care.rows.length }}
    label={collections.feedings.label}
    icon="bottle"
    about="The log keeps when, what and how much. It shows how long ago the last feeding was, and each day’s total."
    mayAdd={mayAdd}
    onAdd={add}
    onClear={clearSearch}
  />
);

interface LogProps {
  readonly care: Care;
  /** The feeding that is open, or was just added. */
  readonly chosen: string | undefined;
  readonly marks: RecordMarks;
  readonly query: URLSearchParams;
}

/** Side by side on a desk; on a phone the list or the chart. */
const Log = ({ care, chosen, marks, query }: LogProps) => {
  const narrow = useNarrow();
  const list = <FeedingList care={care} chosen={chosen} marks={marks} />;
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
