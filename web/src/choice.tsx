import { address } from './state/address.ts'
import { atlas, atlases, atlasParcellations, parcellation, parcellationSpaces, space } from './state/atlas.ts'

interface Option {
  value: string
  label: string
}

/** Species, parcellation and space. What no longer fits the new choice is forgotten. */
export function Choice() {
  return (
    <div class="choice">
      <Select
        label="Atlas"
        value={atlas.value?.['@id']}
        options={atlases.value.map((one) => ({ value: one['@id'], label: `${one.name} (${one.species})` }))}
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
