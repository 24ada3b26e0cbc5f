from .numbers_of_mine import ONE
