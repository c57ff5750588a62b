import { expect, test } from 'vitest'
import { mapTexts, redactCredentials } from '../../src/siibra/redact.ts'

test.each([
  ['https://me:s3cret@host.org/a?b=1 cannot be had', 'https://***@host.org/a?b=1 cannot be had'],
  ['https://@host.org/a', 'https://***@host.org/a'],
  ['"http://me@host/x"', '"http://***@host/x"'],
  ['rediss://:p%40ss@redis:6379/1: WRONGPASS', 'rediss://***@redis:6379/1: WRONGPASS'],
  ['redis://u:a@b@redis:6379', 'redis://***@redis:6379'],
  ['http://me:s3/cret@host.org/a', 'http://***@host.org/a'],
  ['two: http://a:b@c/ and HTTPS://d:e@f/', 'two: http://***@c/ and HTTPS://***@f/'],
  ['https://h/x?url=http%3A%2F%2Fme%3As3cret%40other%2Fy', 'https://h/x?url=http%3A%2F%2F***%40other%2Fy'],
  ['https://h/x?access_token=abc&size=3', 'https://h/x?access_token=***&size=3'],
  [
    'https://h/x?size=3&X-Amz-Signature=ab%2Fc&X-Amz-Credential=k#f',
    'https://h/x?size=3&X-Amz-Signature=***&X-Amz-Credential=***#f',
  ],
  ['https://h/x?apiKey=1&private_token=2;sig=3&key=4', 'https://h/x?apiKey=***&private_token=***;sig=***&key=***'],
  ['https://h/x#id_token=abc', 'https://h/x#id_token=***'],
  ['{"authorization":"Basic bWU6czNjcmV0"}', '{"authorization":"Basic ***"}'],
])('%s', (text, expected) => {
  expect(redactCredentials(text)).toBe(expected)
})

test('what is masked is looked at again: it can bring another mark into an authority', () => {
  const text = redactCredentials('token://%3A%2F%2F/%40@')
  expect(text).toBe('token://***@')
  expect(redactCredentials(text)).toBe(text)
})

test.each([
  'https://cdn.org/pkg@1.2/x@@0123456789abcdef',
  'https://host.org/a?b=c&gene=MAOA&region_id=Area%20hOc1&monkey=1',
  '/v3_0/map/assign?point=1mm,2mm,3mm&sigma_mm=2',
  'precomputed://https://neuroglancer.example.org/a/b',
  'a point at (1, 2, 3), and @ignore that',
])('%s stays as it is', (text) => {
  expect(redactCredentials(text)).toBe(text)
})

test('texts at any depth, and nothing else', () => {
  const date = new Date(0)
  expect(mapTexts({ a: ['x', 1, { b: 'x' }], c: null, date }, (text) => `${text}!`)).toEqual({
    a: ['x!', 1, { b: 'x!' }],
    c: null,
    date,
  })
})
