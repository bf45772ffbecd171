// Writes sql-runner as one file that needs neither its sources nor node_modules, and what it is made of: all that an image
// holds of it (Dockerfile). `npm sbom --omit=dev` would leave out what something of development needs as well.
const { mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { bundled } = require('./bundle.js');

const PROJECT = join(__dirname, '..');
const packageOf = (folder) => JSON.parse(readFileSync(join(PROJECT, folder, 'package.json'), 'utf8'));

/** `node_modules/@aws-sdk/core` of a file in it, also where it is below another package; undefined: one of our own. */
const folderOf = (file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];

/** Package URL specification, "npm": the scope is a namespace, and its @ is encoded. */
const purl = ({ name, version }) => `pkg:npm/${name.replace('@', '%40')}@${version}`;

/** As CycloneDX 1.5 wants it. */
function billOfMaterials({ name, version, license }, files) {
  const folders = [...new Set(files.map(folderOf).filter(Boolean))].sort();
  const components = folders.map(packageOf).map((one) => ({
    type: 'library',
    'bom-ref': purl(one),
    name: one.name,
    version: one.version,
    purl: purl(one),
    ...(one.license === undefined ? {} : { licenses: [{ expression: one.license }] }),
  }));
  const made = new Map(components.map((component) => [component.purl, component]));
  const component = { type: 'application', 'bom-ref': purl({ name, version }), name, version };
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: { component: { ...component, licenses: [{ expression: license }] } },
    components: [...made.values()],
  };
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Say where to: node sql-runner/write-bundle.js FOLDER');
const { outputFiles, metafile } = bundled(require('./bundled-program.js'));
const { name, version, license } = packageOf('.');
const bill = billOfMaterials({ name, version, license }, Object.keys(metafile.inputs));
mkdirSync(folder, { recursive: true });
const write = (file, content) => writeFileSync(join(folder, file), content);
write('sql-runner.js', outputFiles[0].contents);
write('sql-runner.cdx.json', JSON.stringify(bill, null, 2));
// Node would take a lone file for a module of the type that a package.json above it names.
write('package.json', JSON.stringify({ name, version, license, type: 'commonjs' }));
