"""Opens every group of the result files given with both xarray engines, and checks that each dimension has a name."""
import sys

import h5py
import xarray


def groups(path):
    found = ["/"]
    with h5py.File(path, "r") as file:
        file.visititems(lambda name, item: found.append("/" + name) if isinstance(item, h5py.Group) else None)
    return found


def variables(path, group):
    """Datasets of the group, without the dimensions that have no values."""
    with h5py.File(path, "r") as file:
        return {name for name, item in file[group].items()
                if isinstance(item, h5py.Dataset)
                and not item.attrs.get("NAME", b"").startswith(b"This is a netCDF dimension but not")}


def check(path, group, engine):
    with xarray.open_dataset(path, group=group, engine=engine) as data:
        data.load()
        assert not [dim for dim in data.dims if dim.startswith("phony_dim")], (group, engine, data.dims)
        assert set(data.variables) == variables(path, group), (group, engine, set(data.variables))
        for name, variable in data.variables.items():
            assert "long_name" in variable.attrs, (group, engine, name)
        print(f"{engine:9} {group:12} {dict(data.sizes)}")
        return data


for path in sys.argv[1:]:
    for group in groups(path):
        one, other = (check(path, group, engine) for engine in ("netcdf4", "h5netcdf"))
        assert one.equals(other), (path, group)
