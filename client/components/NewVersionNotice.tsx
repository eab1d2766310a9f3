// Offers a newer version of the page, for as long as the person does not want it yet.

import { useState } from 'react';
import { takeNewVersion } from '../update/new-version.ts';
import { useNewVersion } from '../update/use-new-version.ts';
import { NoticeBar } from './NoticeBar.tsx';

const NewVersionNotice = () => {
  const state = useNewVersion();
  // Put away for the state it was in: that other tabs have it by now is said once more.
  const [putAway, setPutAway] = useState<typeof state>();
  const isShown = state !== 'none' && state !== putAway;
  return (
    <NoticeBar
      words={isShown ? 'A new version is ready.' : undefined}
      action="Reload"
      onAction={takeNewVersion}
      onClose={() => setPutAway(state)}
      raised
    />
  );
};

export default NewVersionNotice;
