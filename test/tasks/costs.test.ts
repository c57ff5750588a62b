import { describe, expect, test } from 'vitest'
import { asHeavy, createCosts } from '../../src/tasks/costs.ts'
import { aborted, failureOf } from '../../src/tasks/failures.ts'
import type { Task, TaskResult } from '../../src/tasks/task.ts'

const task = (params: Record<string, unknown>, more: Partial<Task> = {}): Task => ({
  name: 'assign_point',
  queue: 'volumes',
  params: { parcellation_id: 'p', space_id: 's', point: '1,2,3', ...params },
  criticality: 'normal',
  deadlineMs: 0,
  ...more,
})

describe('which tasks are heavy', () => {
  test('those whose route says so, in queues that have threads for them', () => {
    const costs = createCosts()
    expect(costs.isHeavy(task({}))).toBe(false)
    expect(costs.isHeavy(task({}, { isHeavy: true }))).toBe(true)
    expect(costs.isHeavy(task({}, { isHeavy: true, queue: 'core' }))).toBe(false)
  })

  test('those whose kind kept a thread for long three times in a row, whatever point or region was asked for', () => {
    const costs = createCosts()
    for (const point of ['1', '2', '3']) {
      expect(costs.isHeavy(task({ point: 'next' }))).toBe(false)
      costs.observe(task({ point }), 900)
    }
    expect(costs.isHeavy(task({ point: 'next' }))).toBe(true)
    expect(costs.isHeavy(task({ point: 'next' }, { isHeavy: false }))).toBe(false)
    expect(costs.isHeavy(task({ parcellation_id: 'other' }))).toBe(false)
    expect(costs.isHeavy(task({ sigma_mm: 3 }))).toBe(false)
    expect(costs.isHeavy(task({ sigma_mm: undefined, region_id: null }))).toBe(true)
    expect(costs.isHeavy(task({}, { name: 'other' }))).toBe(false)
  })

  test('no more when one was quick: the first ones load data that the others find', () => {
    const costs = createCosts()
    for (const ms of [900, 900, 10, 900, 900]) costs.observe(task({}), ms)
    expect(costs.isHeavy(task({}))).toBe(false)
    costs.observe(task({}), 900)
    expect(costs.isHeavy(task({}))).toBe(true)
    costs.observe(task({}), 1)
    expect(costs.isHeavy(task({}))).toBe(false)
  })

  test('a kind whose cost is about the bound does not change its threads with each run', () => {
    const costs = createCosts()
    for (const ms of [45, 35, 42, 38, 41]) costs.observe(task({}), ms)
    expect(costs.isHeavy(task({}))).toBe(true)
    costs.observe(task({}), 20)
    expect(costs.isHeavy(task({}))).toBe(true)
    costs.observe(task({}), 19.9)
    expect(costs.isHeavy(task({}))).toBe(false)
    for (const ms of [40, 40.1, 40, 40.1, 40]) costs.observe(task({}), ms)
    expect(costs.isHeavy(task({}))).toBe(false)
    costs.observe(task({}), 40.1)
    expect(costs.isHeavy(task({}))).toBe(true)
  })

  test('features are heavy sooner, as their clicks are quicker', () => {
    const costs = createCosts()
    for (let i = 0; i < 3; i++) {
      costs.observe(task({}, { queue: 'features', name: 'matrix' }), 20)
      costs.observe(task({}, { name: 'mask' }), 20)
    }
    expect(costs.isHeavy(task({}, { queue: 'features', name: 'matrix' }))).toBe(true)
    expect(costs.isHeavy(task({}, { name: 'mask' }))).toBe(false)
  })

  test('an answer of which no CPU time is told was quick; a failure says nothing', () => {
    const costs = createCosts()
    const answer = (cpuMs?: number): TaskResult => ({
      ok: true,
      status: 200,
      contentType: 'application/json',
      headers: {},
      etag: '',
      body: new Uint8Array(),
      timing: { waitMs: 0, runMs: 900, ...(cpuMs === undefined ? {} : { cpuMs }) },
    })
    for (let i = 0; i < 3; i++) costs.observeResult(task({}), answer(900))
    costs.observeResult(task({}), failureOf(aborted()))
    expect(costs.isHeavy(task({}))).toBe(true)
    costs.observeResult(task({}), answer())
    expect(costs.isHeavy(task({}))).toBe(false)
    const failed = { ...failureOf(aborted()), timing: { waitMs: 0, runMs: 900, cpuMs: 900 } }
    for (let i = 0; i < 3; i++) costs.observeResult(task({}), failed)
    expect(costs.isHeavy(task({}))).toBe(true)
  })

  test('those that nobody waits for with an open connection', () => {
    expect(createCosts().isHeavy(asHeavy(task({})))).toBe(true)
    expect(asHeavy(task({}, { queue: 'core' })).isHeavy).toBeUndefined()
  })

  test('only so many kinds are remembered', () => {
    const costs = createCosts()
    const heavy = (n: number) => {
      for (let i = 0; i < 3; i++) costs.observe(task({ parcellation_id: `${n}` }), 900)
    }
    const isKnown = (n: number) => costs.isHeavy(task({ parcellation_id: `${n}` }))
    for (let n = 0; n < 2_000; n++) heavy(n)
    expect([isKnown(0), isKnown(1_999)]).toEqual([true, true])
    heavy(2_000)
    expect([isKnown(0), isKnown(1), isKnown(2_000)]).toEqual([false, true, true])
  })
})
