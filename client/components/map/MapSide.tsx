// The list's column: how many there are, filter and adding, and the pins, or words in their place.

import { Button, SegmentedControl } from '@mantine/core';
import type { ReactNode } from 'react';
import { collections } from '../../../schemas/index.ts';
import { formatNumber, plural } from '../../queries/format.ts';
import type { Pins } from '../../queries/map/use-pins.ts';
import { useMayWrite } from '../../queries/use-may-write.ts';
import { navigate, withFilter } from '../../router.ts';
import type { RecordMarks } from '../../sync/use-marks.ts';
import { Icon } from '../Icon.tsx';
import { ListInstead } from '../ListInstead.tsx';
import { PageHeader } from '../PageHeader.tsx';
import { PinFilterMenu } from './PinFilterMenu.tsx';
import { PinList } from './PinList.tsx';

interface MapSideProps {
  readonly pins: Pins;
  readonly query: URLSearchParams;
  readonly open: string | undefined;
  /** Where there is room for one of them only: which. */
  readonly one: 'list' | 'map' | undefined;
  readonly marks: RecordMarks;
  readonly onAdd: () => void;
  /** What needs to be said above the list. */
  readonly children: ReactNode;
}

const lineOf = ({ shown, total, state }: Pins): string => {
  const all = plural(total, 'pin', 'pins');
  if (state === 'failed') return 'Could not be read';
  if (state === 'loading') return total === 0 ? 'Opening' : `Opening, ${all} so far`;
  return shown.length === total ? all : `${formatNumber(shown.length)} of ${all}`;
};

const switchTo = (view: string): void =>
  navigate(withFilter('view', view === 'map' ? view : undefined), 'replace');

const VIEWS = [
  { value: 'list', label: 'List' },
  { value: 'map', label: 'Map' },
];

export const MapSide = (props: MapSideProps) => {
  const { pins, query, open, one, marks, onAdd, children } = props;
  const mayAdd = useMayWrite('pins');
  return (
    <div className="map-list">
      <PageHeader title="Field map" line={lineOf(pins)} calm={pins.state === 'ready'}>
        {pins.total > 0 && (
          <>
            <PinFilterMenu query={query} />
            {mayAdd && (
              <Button leftSection={<Icon name="plus" />} px="sm" onClick={onAdd}>
                Add pin
              </Button>
            )}
          </>
        )}
      </PageHeader>
      {one && (
        <SegmentedControl
          fullWidth
          aria-label="What to show"
          value={one}
          onChange={switchTo}
          data={VIEWS}
        />
      )}
      {children}
      {one !== 'map' &&
        (pins.shown.length > 0 && pins.state !== 'failed' ? (
          <PinList
            rows={pins.shown}
            view={`${pins.search} ${query.get('kind')} ${query.get('status')}`}
            chosen={open}
            marks={marks}
          />
        ) : (
          <ListInstead
            list={pins}
            label={collections.pins.label}
            icon="pin"
            about="Pins mark places: a hazard, a sample, a site to visit."
            mayAdd={mayAdd}
            onAdd={onAdd}
            onClear={() => navigate('/map')}
          />
        ))}
    </div>
  );
};
