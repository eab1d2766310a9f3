// One page with all pictures side by side.

export interface Row {
  readonly scene: string;
  readonly files: readonly string[];
}

const row = ({ scene, files }: Row): string =>
  `<section id="${scene}"><h2>${scene}</h2><div>${files
    .map((file) => `<a href="${file}"><img src="${file}" alt="${file}" loading="lazy"></a>`)
    .join('')}</div></section>`;

export const contactSheet = (rows: readonly Row[]): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Holdfast, screen by screen</title>
<style>
  body { font: 14px system-ui, sans-serif; margin: 24px; background: #8884; }
  h2 { font-size: 15px; margin: 24px 0 8px; }
  div { display: flex; gap: 12px; overflow-x: auto; align-items: flex-start; }
  img { height: 420px; border: 1px solid #8888; border-radius: 6px; }
</style>
<h1>Holdfast, screen by screen</h1>
${rows.map(row).join('\n')}
</html>
`;
