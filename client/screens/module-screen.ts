// What every module's screen is given: the part of the address that is about it.

export interface ModuleScreenProps {
  /** The open record's id, or `new`. */
  readonly open: string | undefined;
  /** What the address searches for. */
  readonly search: string;
  /** All filters of the address. */
  readonly query: URLSearchParams;
}
