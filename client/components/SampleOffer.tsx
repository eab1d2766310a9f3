// Sample data for the owner of a workspace in which nothing has been written yet; also where the
// first start was cut off before it could load it.

import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import { useAccount } from '../database/use-workspace.ts';
import { formatNumber, plural } from '../queries/format.ts';
import { useWorkspaceEmpty } from '../queries/use-workspace-empty.ts';
import { loadSample, sampleBegun, type SampleProgress } from '../session/setup-api.ts';

type Step = 'offered' | 'failed' | SampleProgress;

const wordsOf = (step: Step, away: boolean): string => {
  if (away) return 'Sample data comes from the server, so it needs a connection.';
  if (step === 'offered') return 'Sample records, to look around.';
  if (step === 'failed')
    return 'The sample data did not arrive. Check the connection, then try again.';
  if (step.total === 0) return 'Starting';
  return `${formatNumber(step.done)} of ${plural(step.total, 'record', 'records')}`;
};

/** @param away whether the server can't be reached. */
export const SampleOffer = ({ away }: { readonly away: boolean }) => {
  const { role } = useAccount();
  const empty = useWorkspaceEmpty();
  const [step, show] = useState<Step>('offered');
  if (role !== 'owner' || !(empty || sampleBegun.read())) return null;
  const load = async (): Promise<void> => {
    show({ done: 0, total: 0 });
    if (!(await loadSample(show))) show('failed');
  };
  return (
    <>
      <Button
        variant="default"
        disabled={away}
        loading={typeof step === 'object'}
        onClick={() => void load()}
      >
        Load sample data
      </Button>
      <Text size="sm" c={step === 'failed' ? 'red' : 'dimmed'} ta="center" role="status">
        {wordsOf(step, away)}
      </Text>
    </>
  );
};
