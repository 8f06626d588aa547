/** The tree of znodes and the one that is looked at. */
import { useState } from 'react';
import { useTranslate } from '../../i18n/language-context.tsx';
import { ResizeHandle } from '../../ui/resize-handle.tsx';
import { PathBar } from './path-bar.tsx';
import { ZnodePane } from './znode-pane.tsx';
import { ZnodeTree } from './znode-tree.tsx';

const treeWidthMin = 200;
const treeWidthMax = 720;

export function ZnodesScreen() {
  const t = useTranslate();
  const [treeWidth, setTreeWidth] = useState(280);
  return (
    <div className="flex h-full flex-col">
      <PathBar />
      <div className="flex min-h-0 grow border-t border-line">
        <div className="flex min-h-0 shrink-0 flex-col bg-surface" style={{ width: treeWidth }}>
          <ZnodeTree />
        </div>
        <ResizeHandle
          label={t('znodes.resize')}
          orientation="vertical"
          value={treeWidth}
          min={treeWidthMin}
          max={treeWidthMax}
          direction={1}
          onChange={setTreeWidth}
        />
        <div className="min-w-0 grow">
          <ZnodePane />
        </div>
      </div>
    </div>
  );
}
