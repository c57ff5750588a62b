import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { decodeNifti } from '../../src/siibra/volumes/nifti/decode.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const page = readFileSync('docs/library.md', 'utf8')
const script = 'docs/examples/library.mjs'

describe('docs/library.md', () => {
  test('shows the example as it is', () => {
    expect(page).toContain(`\`\`\`js\n${readFileSync(script, 'utf8')}\`\`\``)
  })

  test.skipIf(!existsSync('dist/siibra.js'))('shows what the built library prints', async () => {
    const output = join(temporaryFolder(), 'mask.nii.gz')
    const { stdout } = await promisify(execFile)(process.execPath, [script, output])
    expect(page).toContain(`It prints:\n\n\`\`\`\n${stdout}\`\`\``)
    // what is called .nii.gz is one
    const { shape } = decodeNifti(gunzipSync(readFileSync(output)))
    expect(stdout).toContain(shape.join(', '))
  })
})
