// Which version of Holdfast this page is; the build puts it here.

declare const HOLDFAST_VERSION: string;

export const VERSION: string = HOLDFAST_VERSION;
