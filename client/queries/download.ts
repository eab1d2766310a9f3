// Gives the person a file that was made on this page.

/** In UTF-8; tables with a byte order mark, without which Excel takes it for another. */
export const downloadText = (name: string, type: string, text: string): void => {
  const url = URL.createObjectURL(
    new Blob([type === 'text/csv' ? '\uFEFF' : '', text], { type: `${type};charset=utf-8` }),
  );
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
};
