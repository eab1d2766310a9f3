// What is searched for stands in the address, so that a link and Back bring it again.

import { useState } from 'react';
import { navigate } from '../router.ts';

export const useSearch = (inAddress: string): [string, (text: string) => void] => {
  const [text, setText] = useState(inAddress);
  const [followed, follow] = useState(inAddress);
  if (inAddress !== followed) {
    follow(inAddress);
    setText(inAddress);
  }
  const search = (next: string): void => {
    setText(next);
    const query = new URLSearchParams(location.search);
    if (next) query.set('q', next);
    else query.delete('q');
    navigate(location.pathname + (query.size > 0 ? `?${query}` : ''), 'replace');
  };
  return [text, search];
};
