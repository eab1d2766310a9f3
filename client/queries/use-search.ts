// What is searched for: typed at once, written into the address a moment later, so that a link and
// Back bring it again.

import { useEffect, useRef, useState } from 'react';
import { navigate } from '../router.ts';

const SETTLED_MS = 250;

export const useSearch = (inAddress: string): [string, (text: string) => void] => {
  const [text, setText] = useState(inAddress);
  const written = useRef(inAddress);
  useEffect(() => {
    // The address changed by itself: Back, or a link.
    if (inAddress !== written.current) setText(inAddress);
    written.current = inAddress;
  }, [inAddress]);
  useEffect(() => {
    if (text === written.current) return undefined;
    const timer = setTimeout(() => {
      const query = new URLSearchParams(location.search);
      if (text) query.set('q', text);
      else query.delete('q');
      written.current = text;
      navigate(location.pathname + (query.size > 0 ? `?${query}` : ''), 'replace');
    }, SETTLED_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return [text, setText];
};
