// What the plugin takes from the JavaScript realm, as small as it can be, so that tests can stand
// in its place and nothing here depends on a browser or on Node.

export interface Signal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}
export interface Abort {
  readonly signal: Signal;
  abort(reason?: unknown): void;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: Signal;
  readonly credentials: 'same-origin' | 'omit';
  readonly cache: 'no-store';
}
export interface HttpResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
  readonly body: {
    getReader(): {
      read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
      cancel(): Promise<void>;
    };
  } | null;
}

/** Messages between the tabs of one browser profile. */
export interface Channel {
  post(message: unknown): void;
  listen(listener: (message: unknown) => void): void;
  close(): void;
}

/** Web Locks: `held` runs while the lock is held; it is lost when the returned promise settles. */
export interface Locks {
  request(
    name: string,
    options: { readonly steal: boolean; readonly signal?: Signal },
    held: () => Promise<void>,
  ): Promise<void>;
}

export interface Platform {
  /** Milliseconds since 1970, of the device's own clock. */
  now(): number;
  random(): number;
  /** Lower-case hexadecimal digits, cryptographically random. */
  randomHex(digits: number): string;
  /** Returns the call that takes the timer back. */
  after(delayMs: number, run: () => void): () => void;
  fetch(url: string, request: HttpRequest): Promise<HttpResponse>;
  makeAbort(): Abort;
  /** Undefined where there are no other tabs (programs): then this one leads. */
  readonly locks?: Locks;
  openChannel(name: string): Channel;
  online(): boolean;
  /** Calls back when the network comes or goes and when the page becomes visible. */
  onWake(run: (why: 'online' | 'offline' | 'visible') => void): () => void;
}
