import { count } from '../numbers.js';
import { type Content, html, type Markup } from './markup.js';

export interface Table {
  readonly caption: string | null;
  readonly columns: readonly Column[];
  readonly rows: ReadonlyArray<readonly Content[]>;
}

export interface Column {
  readonly name: string;
  /** Numbers stand right, bars take the room that is left, words may break. */
  readonly kind: 'number' | 'words' | 'name' | 'bar';
}

/** A page must stay small and a table readable: more than this is for result.json. */
const MOST_ROWS = 150;

export function table({ caption, columns, rows }: Table): Markup {
  const left = rows.length - MOST_ROWS;
  return html`<div class="table" tabindex="0" role="region" aria-label="${caption ?? 'The numbers'}"><table>
${caption === null ? null : html`<caption>${caption}</caption>`}
<thead><tr>${columns.map(({ name, kind }) => html`<th scope="col" class="${kind}">${name}</th>`)}</tr></thead>
<tbody>${rows.slice(0, MOST_ROWS).map((row) => tableRow(row, columns))}</tbody>
</table>${left > 0 ? html`<p class="reading">${count(left)} more rows are in result.json.</p>` : null}</div>`;
}

function tableRow(row: readonly Content[], columns: readonly Column[]): Markup {
  return html`<tr>${row.map((cell, i) =>
    i === 0
      ? html`<th scope="row" class="${columns[i]?.kind ?? 'name'}">${boxed(cell, columns[i])}</th>`
      : html`<td class="${columns[i]?.kind ?? 'words'}">${boxed(cell, columns[i])}</td>`,
  )}</tr>
`;
}

/** A name keeps its line as long as it is short; only a box inside a cell can be told so. */
function boxed(cell: Content, column: Column | undefined): Content {
  return column?.kind === 'name' ? html`<div>${cell}</div>` : cell;
}

/** Columns of one kind. */
export function columns(kind: Column['kind'], ...names: readonly string[]): Column[] {
  return names.map((name) => ({ name, kind }));
}
