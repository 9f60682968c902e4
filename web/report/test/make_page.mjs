// Puts a result into the page as the program does, without the part for browsers without scripts:
//   npm run build && node test/make_page.mjs RESULT.json PAGE.html [DIST FOLDER]
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [result, page, dist = 'dist'] = process.argv.slice(2);
const part = (name) => readFileSync(join(dist, name), 'utf8');
const data = JSON.stringify(JSON.parse(readFileSync(result, 'utf8'))).replaceAll('<', '\\u003c');
writeFileSync(page, `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${part('report.csp')}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,"><title>Sample</title><style>${part('report.css')}</style>
</head>
<body>
<main id="report">
</main>
<script type="application/json" id="candor-data">${data}</script>
<script>${part('report.js')}</script>
</body>
</html>
`);
