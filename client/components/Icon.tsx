// The page's few icons, as strokes on a 24-unit square. They are pictures beside words: whatever
// shows one alone gives it a name.

const paths = {
  check: 'M5 12.5l4.5 4.5L19 7.5',
  arrows: 'M8 20V5M8 5L4.5 8.5M8 5l3.5 3.5M16 4v15M16 19l-3.5-3.5M16 19l3.5-3.5',
  versions: 'M4 8h15M19 8l-3.5-3.5M19 8l-3.5 3.5M20 16H5M5 16l3.5-3.5M5 16l3.5 3.5',
  inbox: 'M4 13l3-8h10l3 8v6H4zM4 13h5l1.5 2.5h3L15 13h5',
  clock: 'M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 1 0 0-17M12 7.5V12l3 2',
  cloudOff:
    'M4 4l16 16M9.5 6.2A6 6 0 0 1 17.6 10H18a4.5 4.5 0 0 1 3 7.8M16.5 19H7a4.5 4.5 0 0 1-.7-8.9',
  plug: 'M9 3v5M15 3v5M6.5 8h11v3.5a5.5 5.5 0 0 1-11 0zM12 17v4',
  alert: 'M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 1 0 0-17M12 7.5v5.5M12 16.4v.1',
  key: 'M8 11a4 4 0 1 0 0 8a4 4 0 1 0 0-8M11 12.5L20 4M16.5 7.5l3 3M14 10l2 2',
  bottle:
    'M10 2.5h4M10.5 2.5v2.2M13.5 2.5v2.2M8.5 7.5h7M9 7.5c0-2 1-2.8 3-2.8s3 .8 3 2.8M9 7.5L8 10v9.5a2 2 0 0 0 2 2h4a2 2 0 0 0 2-2V10l-1-2.5M12 12h4M12 16h4',
  download: 'M12 4v11M12 15l-4-4M12 15l4-4M5 19.5h14',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  frame: 'M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5',
  filter: 'M4 6h16M7 12h10M10 18h4',
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13M15.5 15.5L20 20',
  pin: 'M12 21c4.5-4.7 6.8-8.2 6.8-11.2a6.8 6.8 0 1 0-13.6 0C5.2 12.8 7.5 16.3 12 21M12 7.3a2.5 2.5 0 1 0 0 5a2.5 2.5 0 1 0 0-5',
  user: 'M12 4a4 4 0 1 0 0 8a4 4 0 1 0 0-8M4.5 20.5c1-4 4-5.5 7.5-5.5s6.5 1.5 7.5 5.5',
  sun: 'M12 8a4 4 0 1 0 0 8a4 4 0 1 0 0-8M12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4',
  moon: 'M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5',
  chevron: 'M9 6l6 6l-6 6',
  close: 'M6 6l12 12M18 6L6 18',
  open: 'M12 5a7 7 0 1 0 0 14a7 7 0 1 0 0-14',
  half: 'M12 5a7 7 0 1 0 0 14a7 7 0 1 0 0-14M12 5v14M15 6v12M17.5 8v8',
} as const;

export type IconName = keyof typeof paths;

interface IconProps {
  readonly name: IconName;
  readonly size?: number;
}

export const Icon = ({ name, size = 18 }: IconProps) => (
  <svg
    width={size}
    height={size}
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    strokeWidth={2}
    strokeLinecap="round"
    strokeLinejoin="round"
    aria-hidden="true"
  >
    <path d={paths[name]} />
  </svg>
);
