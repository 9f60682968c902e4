import { chromium } from 'playwright-core';
const b = await chromium.launch({executablePath:'/usr/bin/chromium',headless:true,args:['--no-sandbox','--disable-gpu','--disable-quic']});
const [file,w,scheme,out,...clips]=process.argv.slice(2);
const c=await b.newContext({colorScheme:scheme,viewport:{width:+w,height:900},offline:true});const p=await c.newPage();
await p.goto('file://'+file);await p.waitForTimeout(300);
for(const s of clips){const [y,h]=s.split('+').map(Number);await p.screenshot({path:`${out}-${y}.png`,fullPage:true,clip:{x:0,y,width:+w,height:h}});}
await b.close();
