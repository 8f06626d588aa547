/** The tree, fed from the store page by page as rows come into sight. */
import { File, Folder, Hourglass, Pencil } from 'lucide-react';
import { useCallback, useMemo } from 'react';
import { parentPath } from '../../format/znode-path.ts';
import { useTranslate } from '../../i18n/language-context.tsx';
import { pathOf } from '../../store/selection.ts';
import { useSelect } from '../../store/store-context.tsx';
import { isPageWanted, loadedChildren, pageSize } from '../../store/tree.ts';
import { layoutTree, positionOf, rowAt, type TreeLayout, type TreeRow } from '../../store/tree-layout.ts';
import { Banner } from '../../ui/banner.tsx';
import { type TreeItem, TreeView } from '../../ui/tree-view.tsx';
import { useOperations } from '../operations-context.tsx';
import { useFormats } from '../use-formats.ts';

export function ZnodeTree() {
  const t = useTranslate();
  const { go, tell, loadPage } = useOperations();
  const tree = useSelect((state) => state.tree);
  const selected = useSelect((state) => pathOf(state.selection.znode)) ?? '/';
  const layout = useMemo(() => layoutTree(tree), [tree]);
  const largest = largestOpen(tree);
  const blind = [...tree.expanded].some((path) => (tree.directories.get(path)?.failure ?? null) !== null);

  const onRange = useCallback(
    (first: number, last: number) => {
      for (const { path, page } of wantedPages(tree, layout, { first, last })) loadPage(path, page);
    },
    [tree, layout, loadPage],
  );

  const pathAt = (row: number): string | null => {
    const found = rowAt(tree, layout, row);
    return found?.kind === 'znode' ? found.path : null;
  };

  return (
    <>
      <TreeView
        label={t('znodes.tree')}
        count={layout.rows}
        itemAt={(row) => itemOf(rowAt(tree, layout, row), selected)}
        revealed={positionOf(tree, layout, selected)}
        onRange={onRange}
        onSelect={(row) => {
          const path = pathAt(row);
          if (path !== null) go({ screen: 'znodes', path });
        }}
        onToggle={(row) => {
          const path = pathAt(row);
          if (path === null) return;
          tell({ kind: tree.expanded.has(path) ? 'directory.collapsed' : 'directory.expanded', path });
        }}
        parentOf={(row) => {
          const found = rowAt(tree, layout, row);
          if (found === null) return null;
          return positionOf(tree, layout, found.kind === 'znode' ? parentPath(found.path) : found.parent);
        }}
      />
      {blind && <Banner tone="warn">{t('znodes.trouble')}</Banner>}
      {largest !== null && (
        <p className="flex shrink-0 justify-between gap-3 border-t border-line px-2.5 py-1 text-xs text-ink-3">
          <span className="truncate font-mono">{largest.path}</span>
          <span className="whitespace-nowrap">
            {t('znodes.loaded', { loaded: largest.loaded, total: largest.total })}
          </span>
        </p>
      )}
    </>
  );
}

type Tree = Parameters<typeof layoutTree>[0];

/** The open directory with the most children: where "N of M" matters. */
function largestOpen(
  tree: Tree,
): { readonly path: string; readonly loaded: number; readonly total: number } | null {
  let largest: { path: string; loaded: number; total: number } | null = null;
  for (const [path, directory] of tree.directories) {
    if (!tree.expanded.has(path) || directory.total === null) continue;
    if (largest !== null && largest.total >= directory.total) continue;
    largest = { path, loaded: loadedChildren(directory), total: directory.total };
  }
  return largest;
}

/** Pages that rows in sight are on and that have to be asked for. */
function wantedPages(
  tree: Tree,
  layout: TreeLayout,
  range: { readonly first: number; readonly last: number },
): readonly { readonly path: string; readonly page: number }[] {
  const wanted = new Map<string, { readonly path: string; readonly page: number }>();
  for (let row = range.first; row <= range.last; row += 1) {
    const place = placeOf(rowAt(tree, layout, row), tree);
    if (place === null) continue;
    if (isPageWanted(tree.directories.get(place.path), place.page))
      wanted.set(`${place.page} ${place.path}`, place);
  }
  return [...wanted.values()];
}

function placeOf(row: TreeRow | null, tree: Tree): { readonly path: string; readonly page: number } | null {
  if (row === null) return null;
  switch (row.kind) {
    case 'znode':
      return row.path === '/' ? null : { path: parentPath(row.path), page: pageOf(row.position) };
    case 'unloaded':
      return { path: row.parent, page: row.page };
    case 'pending':
      return tree.expanded.has(row.parent) ? { path: row.parent, page: 0 } : null;
  }
}

const pageOf = (position: number) => Math.floor((position - 1) / pageSize);

function itemOf(row: TreeRow | null, selected: string): TreeItem | null {
  if (row === null) return null;
  if (row.kind !== 'znode') {
    const position = row.kind === 'unloaded' ? row.position : 1;
    return {
      key: `${row.parent} ${row.kind} ${position}`,
      level: row.level,
      position,
      siblings: row.kind === 'unloaded' ? row.siblings : 1,
      expanded: null,
      selected: false,
      content: <Placeholder failed={row.failure !== null} />,
    };
  }
  const isLeaf = row.path !== '/' && row.stat !== null && row.stat.numChildren === 0;
  return {
    key: row.path,
    level: row.level,
    position: row.position,
    siblings: row.siblings,
    expanded: isLeaf && !row.expanded ? null : row.expanded,
    selected: row.path === selected,
    content: <ZnodeLabel row={row} isLeaf={isLeaf} />,
  };
}

function Placeholder({ failed }: { readonly failed: boolean }) {
  const t = useTranslate();
  return (
    <span className={failed ? 'truncate text-xs text-bad' : 'truncate text-xs text-ink-3'}>
      {failed ? t('znodes.childrenFailed') : t('znodes.unloaded')}
    </span>
  );
}

function ZnodeLabel({
  row,
  isLeaf,
}: {
  readonly row: Extract<TreeRow, { kind: 'znode' }>;
  readonly isLeaf: boolean;
}) {
  const t = useTranslate();
  const { count } = useFormats();
  const edited = useSelect((state) => state.drafts.has(row.path));
  const ephemeral = row.stat !== null && row.stat.ephemeralOwner !== '0';
  const Icon = ephemeral ? Hourglass : isLeaf ? File : Folder;
  return (
    <>
      <Icon
        size="0.875rem"
        className={ephemeral ? 'shrink-0 text-warn' : 'shrink-0 text-ink-3'}
        aria-hidden
      />
      <span className="truncate">{row.name}</span>
      {ephemeral && <span className="sr-only">{t('znodes.ephemeral')}</span>}
      {edited && (
        <Pencil size="0.75rem" className="shrink-0 text-warn" role="img" aria-label={t('znodes.unsaved')} />
      )}
      {row.stat !== null && row.stat.numChildren > 0 && (
        <span className="ml-auto pl-2 text-xs text-ink-3">
          <span aria-hidden>{count(row.stat.numChildren)}</span>
          <span className="sr-only">{t('znodes.children', { count: row.stat.numChildren })}</span>
        </span>
      )}
    </>
  );
}
