// Why a SQLite store can't be opened. Neither goes away by trying again at once.

export class StoreInUseError extends Error {
  readonly code = 'store_in_use';
  constructor(file: string) {
    super(`${file} is open already, in another process or in this one. Close it there first.`);
  }
}

export class StoreTooNewError extends Error {
  readonly code = 'store_too_new';
  constructor(file: string, version: number, known: number) {
    super(
      `${file} was written by a newer Holdfast (layout ${version}; this one knows ${known}). ` +
        'Start that version, or restore a backup from before the upgrade.',
    );
  }
}

export class BadBackupError extends Error {
  readonly code = 'bad_backup';
  constructor(file: string, reason: string) {
    super(`${file} cannot be restored: ${reason}. Nothing was changed. Use another backup.`);
  }
}
