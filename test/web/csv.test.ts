import { describe, expect, it } from 'vitest'
import { parseTable, pointColumns, pointsCsv, valueColumns } from '../../web/src/data/csv.ts'

describe('tables that people bring', () => {
  it('separates by what the first line has most of, and reads quotes and decimal commas', () => {
    expect(parseTable('region;value\n"Area ""1""; left";2,5\n')).toEqual({
      columns: ['region', 'value'],
      rows: [['Area "1"; left', '2,5']],
    })
    expect(parseTable('\uFEFFx\ty\tz\r\n1\t2\t3\r\n# a remark\n').rows).toEqual([['1', '2', '3']])
  })

  it('finds coordinates by their names, else in three columns of numbers', () => {
    expect(pointColumns(parseTable('id,MNI_X,MNI_Y,MNI_Z\na,1,2,3'))).toEqual([1, 2, 3])
    expect(pointColumns(parseTable('x (mm),y (mm),z (mm)\n1,2,3'))).toEqual([0, 1, 2])
    expect(pointColumns(parseTable('1 , -2,3.5\n4,5,6'))).toEqual([0, 1, 2])
    expect(pointColumns(parseTable('region,value\nA,1'))).toBeUndefined()
  })

  it('sends points alone, and counts rows that are none', () => {
    const table = parseTable('name;x;y;z\na;1,5;-2;3\nb;;2;3\n')
    expect(pointsCsv(table, [1, 2, 3])).toEqual({ csv: 'x,y,z\n1.5,-2,3\n', count: 1, left: 1 })
  })

  it('finds the column of names, and those of numbers', () => {
    expect(valueColumns(parseTable('value,region,count\n0.5,A,3\n,B,4'))).toEqual({ region: 1, values: [0, 2] })
    expect(valueColumns(parseTable('A,0.5\nB,0.7'))).toEqual({ region: 0, values: [1] })
    expect(valueColumns(parseTable('a,b\nc,d'))).toBeUndefined()
  })
})
