// What electron-builder packs and how. Everything that runs is bundled into dist/, so no node_modules are packed.
import { createRequire } from 'node:module';

const electronVersion = createRequire(import.meta.url)('electron/package.json').version;

/** @type {import('electron-builder').Configuration} */
export default {
  appId: 'org.muster.console',
  productName: 'Muster',
  copyright: 'Copyright © The Muster authors',
  electronVersion,
  directories: { output: 'release', buildResources: 'build' },
  files: ['dist/**', '!dist/.*', 'package.json', 'LICENSE', '!**/node_modules/**'],
  extraMetadata: { devDependencies: {}, scripts: {}, allowScripts: {} },
  // biome-ignore lint/suspicious/noTemplateCurlyInString: electron-builder fills in these names.
  artifactName: '${productName}-${version}-${os}-${arch}.${ext}',
  asar: true,
  npmRebuild: false,
  electronLanguages: ['en-US', 'zh-CN'],
  electronFuses: {
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    grantFileProtocolExtraPrivileges: false,
    resetAdHocDarwinSignature: true,
  },
  linux: {
    target: ['AppImage', 'deb', 'rpm'],
    icon: 'build/icons',
    executableName: 'muster',
    category: 'Development',
    synopsis: 'Flight simulator and ops console for failure recovery',
    maintainer: 'The Muster authors <authors@muster.invalid>',
    vendor: 'The Muster authors',
  },
  mac: {
    target: ['dmg'],
    icon: 'build/icon.icns',
    category: 'public.app-category.developer-tools',
    hardenedRuntime: true,
  },
  win: { target: ['nsis'], icon: 'build/icon.ico' },
  nsis: { oneClick: false, allowToChangeInstallationDirectory: true, deleteAppDataOnUninstall: false },
};
