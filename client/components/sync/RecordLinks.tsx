// Records by name, each a link where there is a screen for it.

import { Anchor, List, Text } from '@mantine/core';
import { useRecordNames } from '../../queries/sync/use-record-names.ts';
import { follow } from '../follow.ts';

interface RecordLinksProps {
  readonly title: string;
  readonly records: readonly {
    readonly collection: string;
    readonly id: string;
    /** What was done with it. */
    readonly label?: string;
  }[];
}

export const RecordLinks = ({ title, records }: RecordLinksProps) => {
  const named = useRecordNames(records);
  return (
    <div>
      <Text size="sm" c="dimmed" mb={4}>
        {title}
      </Text>
      <List size="sm" spacing={4} listStyleType="none">
        {named.map(({ collection, id, name, address }, at) => (
          <List.Item key={`${collection}/${id}`}>
            {address === undefined ? (
              <span dir="auto">{records[at]?.label ?? name}</span>
            ) : (
              <Anchor href={address} onClick={follow} size="sm" className="touch-link" dir="auto">
                {name}
              </Anchor>
            )}
          </List.Item>
        ))}
      </List>
    </div>
  );
};
