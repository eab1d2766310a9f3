// What `defineCollection` takes for a change of fields; migrate.ts applies it.

/**
 * Makes a document of the version before into one of this version, deleted ones too. Both ends must
 * come to the same, so it is given nothing but the document. A field that takes another's place also
 * takes its stamp in `clk` (`moveField`); nothing else that is reserved is changed.
 */
export type Migration = (
  document: Readonly<Record<string, unknown>>,
) => Readonly<Record<string, unknown>>;

/** @throws {Error} where the steps are not exactly those from the first version to the present one. */
export function checkMigrations(
  name: string,
  version: number,
  migrations: Readonly<Record<number, Migration>>,
): void {
  const steps = Array.from({ length: version }, (_, index) => String(index + 1));
  const given = Object.keys(migrations);
  const lacking = steps.find((step) => !given.includes(step));
  const wrong = (reason: string): never => {
    throw new Error(`Collection "${name}": ${reason}`);
  };
  if (lacking !== undefined) wrong(`version ${version} needs a migration to version ${lacking}.`);
  const extra = given.find((step) => !steps.includes(step));
  if (extra !== undefined) wrong(`there is no version ${extra} to migrate to.`);
}
