// The parts of the dashboard that a workspace can switch on.

export const MODULES = ['map', 'care'] as const;
export type Module = (typeof MODULES)[number];
