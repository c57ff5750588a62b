import { AssignParams } from '../../models/parameters/volumes.ts'
import { assignmentTable, serializeAssignments } from '../../serialization/assignments.ts'
import { assignPoint as assign, type MapGap, type MapType, parsePoint, SiibraError } from '../../siibra/index.ts'
import { headerList } from '../../tasks/answer/header-values.ts'
import type { DataHandler } from '../../tasks/task.ts'
import { mapGapHeaders } from '../gap-header.ts'
import { provenanceOf } from '../provenance.ts'
import { exactNote, NOTE_HEADER } from './note-header.ts'
import { requireMapForPoints } from './parcellation-aliases.ts'

/** The regions that a point belongs to, with scores. */
export const assignPoint: DataHandler<AssignParams> = {
  name: 'assign_point',
  queue: 'volumes',
  params: AssignParams,
  async run({ point, assignment_type, sigma_mm: sigmaMm, ...query }, context) {
    const core = await context.core()
    const mapType = parseMapType(assignment_type)
    if (!(sigmaMm >= 0 && Number.isFinite(sigmaMm))) {
      throw new SiibraError('INVALID_PARAMETER', `sigma_mm ${sigmaMm} is no uncertainty: 0 or more is expected`, {
        parameter: 'sigma_mm',
      })
    }
    const coordinateMm = parsePoint(point)
    const { map, headers } = requireMapForPoints(core, query, mapType)
    const located = { coordinateMm, spaceId: map.space.id, sigmaMm }
    const gaps: MapGap[] = []
    const notes: Record<string, string> = {}
    const onExact = (belowMm: number) => {
      notes[NOTE_HEADER] = headerList([exactNote(belowMm)])
    }
    const options = { signal: context.signal, gaps, onExact }
    const assignments = await assign(core, map, located, options)
    return {
      json: () => serializeAssignments(assignments),
      table: async () => ({ ...assignmentTable(assignments), provenance: await provenanceOf(core, { map }) }),
      headers: { ...headers, ...notes, ...mapGapHeaders(gaps) },
    }
  },
}

function parseMapType(text: string): MapType {
  const type = text.toUpperCase()
  if (type === 'STATISTICAL' || type === 'LABELLED') return type
  throw new SiibraError('INVALID_PARAMETER', `assignment_type '${text}' is neither statistical nor labelled`, {
    parameter: 'assignment_type',
    allowed: ['statistical', 'labelled'],
  })
}
