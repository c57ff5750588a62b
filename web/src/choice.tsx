import { useState } from 'preact/hooks'
import { address } from './state/address.ts'
import { atlas, atlases, atlasParcellations, parcellation, parcellationSpaces, space } from './state/atlas.ts'
import { isNarrow } from './state/narrow.ts'

interface Option {
  value: string
  label: string
}

/** Species, parcellation and space; on narrow screens behind a button that says what is chosen. */
export function Choice() {
  const [isOpen, setOpen] = useState(false)
  if (!isNarrow.value) return <Selects />
  return (
    <>
      <button type="button" class="chosen-map" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {parcellation.value?.name ?? 'Atlas'} <span aria-hidden="true">▾</span>
      </button>
      {isOpen ? <Selects /> : null}
    </>
  )
}

/** What no longer fits a new choice is forgotten. */
function Selects() {
  return (
    <div class="choice">
      <Select
        label="Species"
        value={atlas.value?.['@id']}
        options={atlases.value.map((one) => ({ value: one['@id'], label: `${one.species}: ${one.name}` }))}
        onChoose={(value) => choose({ atlas: value, parcellation: '', space: '' })}
      />
      <Select
        label="Parcellation"
        value={parcellation.value?.['@id']}
        options={atlasParcellations.value.map((one) => ({ value: one['@id'], label: one.name }))}
        onChoose={(value) => choose({ parcellation: value })}
      />
      <Select
        label="Space"
        value={space.value?.['@id']}
        options={parcellationSpaces.value.map((one) => ({ value: one['@id'], label: one.fullName }))}
        onChoose={(value) => choose({ space: value }, ['point'])}
      />
    </div>
  )
}

function choose(values: Record<string, string>, forget = ['region', 'point', 'feature', 'layer']) {
  for (const name of forget) address[name as keyof typeof address].value = ''
  for (const [name, value] of Object.entries(values)) address[name as keyof typeof address].value = value
}

interface SelectProps {
  label: string
  value: string | undefined
  options: Option[]
  onChoose: (value: string) => void
}

function Select({ label, value, options, onChoose }: SelectProps) {
  return (
    <label>
      <span>{label}</span>
      <select
        value={value ?? ''}
        disabled={options.length === 0}
        onChange={(event) => onChoose(event.currentTarget.value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </label>
  )
}
