// Which version of Holdfast this page is; the build puts that here.

declare const HOLDFAST_VERSION: string;

export const VERSION: string = HOLDFAST_VERSION;

/** Which build: it changes with every file of the page. None where no build was made. */
export const BUILD: string | undefined =
  document.querySelector<HTMLMetaElement>('meta[name="version"]')?.content;
