// How far an import is: a bar in a terminal, now and then a line elsewhere.

const BAR_WIDTH = 30;
const LINE_STEP = 0.1;

export const counted = (count: number): string => count.toLocaleString('en-US');

export interface Progress {
  /** @param part Of the whole, from 0 to 1. */
  readonly at: (part: number, count: number) => void;
  /** Makes room for another line. */
  readonly end: () => void;
}

/** @param what is counted. */
export function createProgress(out: NodeJS.WriteStream, what = 'rows'): Progress {
  const isTerminal = out.isTTY;
  let shown = isTerminal ? -1 : 0;
  return {
    at: (part, count) => {
      const step = isTerminal ? 0.01 : LINE_STEP;
      if (part < 1 ? part - shown < step : shown >= 1) return;
      shown = part;
      const percent = `${Math.floor(part * 100)}%`;
      const filled = Math.round(Math.min(part, 1) * BAR_WIDTH);
      const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
      out.write(
        isTerminal
          ? `\r${bar} ${percent}, ${counted(count)} ${what} `
          : `${percent}, ${counted(count)} ${what}\n`,
      );
    },
    end: () => {
      if (isTerminal && shown >= 0) out.write('\n');
    },
  };
}
