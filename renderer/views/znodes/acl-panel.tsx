/** Who may do what with the znode. */
import { permissionsText } from '../../format/ids.ts';
import { useTranslate } from '../../i18n/language-context.tsx';
import { useSelect } from '../../store/store-context.tsx';
import { Panel } from '../../ui/panel.tsx';
import { FailureText } from '../failure-text.tsx';

export function AclPanel() {
  const t = useTranslate();
  const acl = useSelect((state) => state.selection.acl);
  return (
    <Panel title={t('znode.acl')} className="shrink-0">
      <div className="px-3 pb-2.5 text-xs">
        {(acl.kind === 'unread' || acl.kind === 'reading') && (
          <p className="text-ink-3">{t('znode.aclReading')}</p>
        )}
        {acl.kind === 'failed' && (
          <div className="text-bad">
            <p className="font-medium">{t('znode.aclFailed')}</p>
            <FailureText failure={acl.failure} />
          </div>
        )}
        {acl.kind === 'read' && (
          <table className="w-full">
            <thead className="text-left text-ink-3">
              <tr>
                <th className="pb-0.5 font-normal">{t('znode.identity')}</th>
                <th className="pb-0.5 text-right font-normal" title={t('znode.permissionsHelp')}>
                  {t('znode.permissions')}
                </th>
              </tr>
            </thead>
            <tbody className="font-mono">
              {acl.acl.map(({ scheme, id, permissions }) => (
                <tr key={`${scheme}:${id}`}>
                  <td className="max-w-0 truncate py-0.5" title={`${scheme}:${id}`}>{`${scheme}:${id}`}</td>
                  <td className="w-14 py-0.5 text-right">{permissionsText(permissions)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </Panel>
  );
}
